import {
  directBillRuleIds,
  reasonsOfDirectBillRule,
} from '../../direct-bill/direct-bill-reasons.js';
import { directBillReasonText } from '../../direct-bill/direct-bill-texts.js';
import type { Language } from '../../gate/reason-texts.js';
import { partnerCenterCodes } from '../../gate/partner-center-codes.js';
import { reasonText } from '../../gate/reason-texts.js';
import { reasonsOfRule, ruleIds } from '../../order/reasons.js';

/** `docs/reasons.md`, rendered from the code. */
export const reasonsPage = (): string => `# Reason codes

This page lists the reasons for which the gate refuses an order, in rulebook order. The gate evaluates
every rule, so a refusal lists all its reasons. The codes are part of the HTTP contract (\`reasons\`,
and \`reason\` of each check). The texts are those of a check's \`message\`, here without the facts of an
order. "Microsoft's code" is the check's \`partnerCenterCode\`: the error code of Partner Center for the
same problem, if there is one (\`reference-data/partner-center-error-codes.csv\`).

\`WRITE_REASONS=1 npm run jest -- reasons-page\` generates this page; a test compares it with the code.

| Rule | Code | Meaning | What happened, and what to do | Microsoft's code |
|---|---|---|---|---|
${rows().join('\n')}

## Direct billing

The reasons for which a partner may not bill directly: \`reasons\` of the problem
\`direct-bill-not-eligible\`, and \`reason\` of each check of \`direct-bill-eligibility\`.

| Rule | Code | Meaning | What is missing, and what to do |
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
