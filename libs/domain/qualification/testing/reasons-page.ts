import { directBillRuleIds, reasonsOfDirectBillRule } from '../direct-bill-reasons.js';
import { directBillReasonText } from '../direct-bill-texts.js';
import type { Language } from '../../gate/reason-texts.js';
import { partnerCenterCodes } from '../../gate/partner-center-codes.js';
import { reasonText } from '../../gate/reason-texts.js';
import { reasonsOfRule, ruleIds } from '../../order/reasons.js';

/** `docs/reasons.md`: written from the code, so that it cannot say anything else. */
export const reasonsPage = (): string => `# Reason codes

Why an order may be refused, in the order in which the reasons are told. Every rule is judged, so a refusal carries all its reasons.
The codes are part of the HTTP contract (\`reasons\`, and \`reason\` of each check); the texts are what a check's \`message\` says, without
the facts of an order. "Microsoft's code" is the check's \`partnerCenterCode\`: the error that Partner Center gives for the same, where
there is one (\`reference-data/partner-center-error-codes.csv\`).

Written by \`WRITE_REASONS=1 npm run jest -- reasons-page\`; a test compares.

| Rule | Code | Meaning | What happened, and what to do | Microsoft's code |
|---|---|---|---|---|
${rows().join('\n')}

## Direct billing

Why a partner may not bill directly: \`reasons\` of the problem \`direct-bill-not-eligible\`, and \`reason\` of each check of
\`direct-bill-eligibility\`.

| Rule | Code | Meaning | What is short, and what to do |
|---|---|---|---|
${directBillRows('en').join('\n')}

## 日本語

| 規則 | コード | 意味 | 状況と対処 |
|---|---|---|---|
${japaneseRows().join('\n')}

### 直接請求

| 規則 | コード | 意味 | 状況と対処 |
|---|---|---|---|
${directBillRows('ja').join('\n')}
`;

const rows = (): readonly string[] =>
  ruleIds.flatMap((rule) =>
    reasonsOfRule[rule].map((reason) => {
      const { title, message } = reasonText(reason, 'en');
      return `| ${rule} | \`${reason}\` | ${title} | ${message} | ${partnerCenterCodes[reason] ?? ''} |`;
    }),
  );

const japaneseRows = (): readonly string[] =>
  ruleIds.flatMap((rule) =>
    reasonsOfRule[rule].map((reason) => {
      const { title, message } = reasonText(reason, 'ja');
      return `| ${rule} | \`${reason}\` | ${title} | ${message} |`;
    }),
  );

const directBillRows = (language: Language): readonly string[] =>
  directBillRuleIds.flatMap((rule) =>
    reasonsOfDirectBillRule[rule].map((reason) => {
      const { title, message } = directBillReasonText(reason, language);
      return `| ${rule} | \`${reason}\` | ${title} | ${message} |`;
    }),
  );
