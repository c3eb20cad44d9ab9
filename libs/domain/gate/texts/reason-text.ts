import type { FactValue } from '../../order/stored-decision.js';
import type { FindingFacts } from '../case/rule.js';
import type { Reason } from '../../order/reasons.js';

export type Language = 'en' | 'ja';
export const languages: readonly Language[] = ['en', 'ja'];

/**
 * The text of a reason. `message` says what happened and what to do next. `{name}` is filled in
 * from the check's facts; a part in `[…]` is omitted when one of its facts is absent, so that every
 * message also reads well without any.
 */
export interface ReasonText {
  readonly title: string;
  readonly message: string;
}
export type ReasonTexts = Readonly<Record<Reason, ReasonText>>;

/**
 * A parsed message: `{name}` is a fact, and a part in `[…]` is omitted when one of its facts is
 * absent.
 */
export interface MessageTemplate {
  readonly segments: readonly Segment[];
  readonly language: Language;
}

/** Literal texts with the names of facts between them. */
interface Segment {
  readonly texts: readonly string[];
  readonly names: readonly string[];
}

export const messageTemplate = (message: string, language: Language): MessageTemplate => ({
  language,
  segments: message
    .split(/\[([^\]]*)\]/)
    .filter((stretch) => stretch !== '')
    .map((stretch) => {
      const parts = stretch.split(/\{(\w+)\}/);
      return {
        texts: parts.filter((_, index) => index % 2 === 0),
        names: parts.filter((_, index) => index % 2 === 1),
      };
    }),
});

export function filledIn({ segments, language }: MessageTemplate, facts: FindingFacts | 0): string {
  let message = '';
  for (const segment of segments) message += filled(segment, facts, separators[language]);
  return message;
}

const separators: Readonly<Record<Language, string>> = { en: ', ', ja: '、' };

function filled({ texts, names }: Segment, facts: FindingFacts | 0, separator: string): string {
  let text = texts[0] ?? '';
  for (let index = 0; index < names.length; index++) {
    const value = facts === 0 ? undefined : facts[names[index] ?? ''];
    if (value === undefined) return '';
    text += shown(value, separator) + (texts[index + 1] ?? '');
  }
  return text;
}

const shown = (value: FactValue, separator: string): string =>
  typeof value === 'object' ? value.join(separator) : String(value);
