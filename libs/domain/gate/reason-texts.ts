import type { Reason } from '../order/reasons.js';
import type { FindingFacts } from './case/rule.js';
import {
  filledIn,
  type Language,
  type MessageTemplate,
  messageTemplate,
  type ReasonText,
  type ReasonTexts,
} from './texts/reason-text.js';
import { english } from './texts/reason-texts.en.js';
import { japanese } from './texts/reason-texts.ja.js';

export { type Language, languages } from './texts/reason-text.js';

export const reasonTexts: Readonly<Record<Language, ReasonTexts>> = { en: english, ja: japanese };

/** The title of a reason, and its message without the facts of an order. */
export const reasonText = (reason: Reason, language: Language): ReasonText => ({
  title: reasonTexts[language][reason].title,
  message: reasonMessage(reason, language, 0),
});

/** The message of a reason with the facts of the check. */
export function reasonMessage(reason: Reason, language: Language, facts: FindingFacts | 0): string {
  const template = parsed[language].get(reason);
  return template ? filledIn(template, facts) : '';
}

// Parsed once: every refusal renders messages.
const parsed: Readonly<Record<Language, ReadonlyMap<string, MessageTemplate>>> = {
  en: parseAll(english, 'en'),
  ja: parseAll(japanese, 'ja'),
};

function parseAll(texts: ReasonTexts, language: Language): ReadonlyMap<string, MessageTemplate> {
  return new Map(
    Object.entries(texts).map(([reason, { message }]) => [
      reason,
      messageTemplate(message, language),
    ]),
  );
}
