import type { Bilingual } from '../running/language.js';
import { columns } from '../running/columns.js';
import type { Terminal } from '../running/terminal.js';
import type { ExplainedCheck, Explanation } from './explanation.js';

const outcomes: Readonly<Record<ExplainedCheck['outcome'], Bilingual>> = {
  pass: { en: 'pass', ja: '適合' },
  fail: { en: 'FAIL', ja: '不適合' },
  'not-applicable': { en: 'not applicable', ja: '対象外' },
};

const statuses: Readonly<Record<Explanation['status'], Bilingual>> = {
  placed: { en: 'placed', ja: '成立' },
  refused: { en: 'refused', ja: '拒否' },
  cancelled: { en: 'cancelled', ja: '取消' },
  pending: { en: 'not validated yet', ja: '成立確認中' },
  voided: { en: 'voided', ja: '無効' },
};

/**
 * A row for each rule: its outcome, then the reason, the facts, the events that prove it and the
 * program's sentence, one a line.
 */
export function explanationLines(explained: Explanation, terminal: Terminal): readonly string[] {
  const titles = [
    terminal.text({ en: 'RULE', ja: '規則' }),
    terminal.text({ en: 'OUTCOME', ja: '結果' }),
    terminal.text({ en: 'WHAT THE GATE SAW', ja: '根拠' }),
  ];
  const rows = explained.decision.checks.flatMap((check) => checkRows(check, terminal));
  return [...headLines(explained, terminal), '', ...columns([titles, ...rows])];
}

function headLines(
  {
    orderId,
    status,
    partnerId,
    tenantId,
    total,
    stream,
    revision,
    position,
    decision,
  }: Explanation,
  terminal: Terminal,
): readonly string[] {
  const priced = total ? `  ${total.amount} ${total.currency}` : '';
  return [
    `${terminal.text({ en: 'Order', ja: '注文' })} ${orderId}  ${terminal.text(statuses[status])}${priced}`,
    terminal.text({
      en: `Sold by ${partnerId} to ${tenantId}`,
      ja: `販売 ${partnerId}、顧客 ${tenantId}`,
    }),
    terminal.text({
      en: `Judged at ${decision.judgedAt} by ruleset ${decision.ruleset}, policy ${decision.policyVersion}`,
      ja: `判定 ${decision.judgedAt}、ルールセット ${decision.ruleset}、ポリシー ${decision.policyVersion}`,
    }),
    terminal.text({
      en: `Recorded as ${stream}@${revision}, position ${position}`,
      ja: `記録 ${stream}@${revision}、位置 ${position}`,
    }),
  ];
}

function checkRows(check: ExplainedCheck, terminal: Terminal): readonly (readonly string[])[] {
  const line =
    check.lineIndex === undefined
      ? ''
      : terminal.text({ en: ` line ${check.lineIndex + 1}`, ja: ` ${check.lineIndex + 1} 行目` });
  const facts = Object.entries(check.facts).map(
    ([name, value]) => `${name} = ${Array.isArray(value) ? value.join(', ') : String(value)}`,
  );
  const code =
    check.partnerCenterCode === undefined ? [] : [`Partner Center ${check.partnerCenterCode}`];
  const details = [
    ...(check.reason === undefined ? [] : [`${check.reason}: ${check.message ?? ''}`, ...code]),
    ...(facts.length > 0 ? [facts.join('; ')] : []),
    ...check.evidence.map(
      ({ stream, revision, type }) =>
        `${terminal.text({ en: 'proved by', ja: '証拠' })} ${stream}@${revision} ${type}`,
    ),
    terminal.text({ en: `“${check.source}”`, ja: `「${check.source}」` }),
  ];
  return details.map((detail, index) =>
    index === 0
      ? [`${check.rule}${line}`, terminal.text(outcomes[check.outcome]), detail]
      : ['', '', detail],
  );
}
