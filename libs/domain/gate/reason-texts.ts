import type { Reason } from './reasons.js';
import type { FindingFacts } from './rule.js';
import type { FactValue } from './stored-decision.js';
import type { ReasonText, ReasonTexts } from './texts/reason-text.js';
import { english } from './texts/reason-texts.en.js';
import { japanese } from './texts/reason-texts.ja.js';

export type Language = 'en' | 'ja';
export const languages: readonly Language[] = ['en', 'ja'];

export const reasonTexts: Readonly<Record<Language, ReasonTexts>> = { en: english, ja: japanese };

/** The title of a reason, and what it means without any facts of an order. */
export const reasonText = (reason: Reason, language: Language): ReasonText => ({
  title: reasonTexts[language][reason].title,
  message: reasonMessage(reason, language, 0),
});

/** What happened and what to do next, with the facts of the check filled in. */
export function reasonMessage(reason: Reason, language: Language, facts: FindingFacts | 0): string {
  let message = '';
  for (const segment of segmentsOf(reason, language)) message += filled(segment, facts, separators[language]);
  return message;
}

/** A stretch of a message: literal texts with the names of facts between them. One that is optional falls away with its facts. */
interface Segment {
  readonly texts: readonly string[];
  readonly names: readonly string[];
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

const shown = (value: FactValue, separator: string): string => (typeof value === 'object' ? value.join(separator) : String(value));

// Taken apart once: messages are rendered with every refusal.
const parsed: Readonly<Record<Language, ReadonlyMap<string, readonly Segment[]>>> = { en: parseAll(english), ja: parseAll(japanese) };

const segmentsOf = (reason: Reason, language: Language): readonly Segment[] => parsed[language].get(reason) ?? [];

function parseAll(texts: ReasonTexts): ReadonlyMap<string, readonly Segment[]> {
  return new Map(Object.entries(texts).map(([reason, { message }]) => [reason, parse(message)]));
}

function parse(message: string): readonly Segment[] {
  return message
    .split(/\[([^\]]*)\]/)
    .filter((stretch) => stretch !== '')
    .map((stretch) => {
      const parts = stretch.split(/\{(\w+)\}/);
      return { texts: parts.filter((_, index) => index % 2 === 0), names: parts.filter((_, index) => index % 2 === 1) };
    });
}
