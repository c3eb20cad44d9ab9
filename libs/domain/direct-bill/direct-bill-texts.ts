import type { FindingFacts } from '../gate/case/rule.js';
import {
  filledIn,
  type Language,
  messageTemplate,
  type ReasonText,
} from '../gate/texts/reason-text.js';
import type { DirectBillReason, DirectBillTexts } from './direct-bill-reasons.js';
import { english } from './direct-bill-texts.en.js';
import { japanese } from './direct-bill-texts.ja.js';

export const directBillTexts: Readonly<Record<Language, DirectBillTexts>> = {
  en: english,
  ja: japanese,
};

/** The title of a reason, and its message without the facts of a partner. */
export const directBillReasonText = (reason: DirectBillReason, language: Language): ReasonText => ({
  title: directBillTexts[language][reason].title,
  message: directBillMessage(reason, language, {}),
});

/** The message of a reason with the facts of the check. */
export const directBillMessage = (
  reason: DirectBillReason,
  language: Language,
  facts: FindingFacts,
): string => filledIn(messageTemplate(directBillTexts[language][reason].message, language), facts);
