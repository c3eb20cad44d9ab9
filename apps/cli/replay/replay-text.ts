import { reasonText } from '../../../libs/domain/gate/reason-texts.js';
import type { Position } from '../../../libs/event-log/event-log.js';
import type { Bilingual } from '../running/language.js';
import type { Terminal } from '../running/terminal.js';
import type { FindingKind } from './finding.js';
import type { OtherOutcome } from './rejudgement.js';
import type { Replayed } from './replay-log.js';

const kinds: Readonly<Record<FindingKind, Bilingual>> = {
  order: { en: 'out of order', ja: '順序の異常' },
  identity: { en: 'changed content', ja: '内容の変更' },
  derivation: { en: 'decision not reproduced', ja: '判定が再現しない' },
  standing: { en: 'wrongly accepted or voided order', ja: '誤って成立または無効にされた注文' },
};

type Counts = Omit<Replayed, 'states'>;

export function replayLines(
  { events, accepted, refused, voided, findings }: Counts,
  upTo: Position,
  terminal: Terminal,
): readonly string[] {
  const n = (value: number): string => terminal.number(value);
  const decisions = accepted + refused;
  const failed = (kind: FindingKind): number => findings.filter((one) => one.kind === kind).length;
  return [
    terminal.text({
      en: `Replayed ${n(events)} events, up to position ${upTo}.`,
      ja: `${n(events)} 件のイベントを位置 ${upTo} までリプレイしました。`,
    }),
    terminal.text({
      en: `Decisions: ${n(accepted)} accepted (${n(voided)} of them voided), ${n(refused)} refused.`,
      ja: `判定: 承認 ${n(accepted)} (うち無効 ${n(voided)})、拒否 ${n(refused)}。`,
    }),
    terminal.text({
      en: `Reproduced from their recorded facts: ${n(decisions - failed('derivation'))} of ${n(decisions)}. Accepted orders that are valid or were voided: ${n(accepted - failed('standing'))} of ${n(accepted)}.`,
      ja: `記録された事実からの再現: ${n(decisions)} 件中 ${n(decisions - failed('derivation'))} 件。有効な、または無効にされた承認済みの注文: ${n(accepted)} 件中 ${n(accepted - failed('standing'))} 件。`,
    }),
    findings.length === 0
      ? terminal.text({ en: 'No difference.', ja: '差異はありません。' })
      : terminal.text({
          en: `${n(findings.length)} differences:`,
          ja: `差異 ${n(findings.length)} 件:`,
        }),
    ...findings.map(
      ({ kind, position, stream, revision, type, detail }) =>
        `  ${position}  ${stream}@${revision}  ${type}  ${terminal.text(kinds[kind])}: ${detail}`,
    ),
  ];
}

const outcomes = {
  accepted: { en: 'accepted', ja: '承認' },
  refused: { en: 'refused', ja: '拒否' },
} as const;

export function rejudgedLines(
  others: readonly OtherOutcome[],
  { accepted, refused }: Counts,
  asOf: string,
  terminal: Terminal,
): readonly string[] {
  const n = (value: number): string => terminal.number(value);
  return [
    terminal.text({
      en: `Judged on ${asOf}: ${n(others.length)} of ${n(accepted + refused)} orders would have another outcome.`,
      ja: `${asOf} の時点での判定: ${n(accepted + refused)} 件中 ${n(others.length)} 件の結果が変わります。`,
    }),
    ...others.flatMap(({ orderId, date, was, would, reasons }) => [
      `  ${orderId}  ${date} ${terminal.text(outcomes[was])} → ${asOf} ${terminal.text(outcomes[would])}`,
      ...reasons.map(
        (reason) =>
          `    ${would === 'refused' ? '+' : '-'} ${reason}: ${reasonText(reason, terminal.language).title}`,
      ),
    ]),
  ];
}
