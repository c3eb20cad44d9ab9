import { reasonText } from '../../../libs/domain/gate/reason-texts.js';
import type { Position } from '../../../libs/event-log/event-log.js';
import type { Bilingual } from '../running/language.js';
import type { Terminal } from '../running/terminal.js';
import type { FindingKind } from './finding.js';
import type { OtherOutcome } from './judge-again.js';
import type { Replayed } from './replay-log.js';

const kinds: Readonly<Record<FindingKind, Bilingual>> = {
  order: { en: 'out of order', ja: '順序の異常' },
  identity: { en: 'changed content', ja: '内容の変更' },
  derivation: { en: 'another decision comes out', ja: '判定が再現しない' },
  standing: { en: 'an order that must not stand', ja: '成立してはならない注文' },
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
      en: `Derived again from what they recorded: ${n(decisions - failed('derivation'))} of ${n(decisions)}. Accepted orders that stand or were voided: ${n(accepted - failed('standing'))} of ${n(accepted)}.`,
      ja: `記録からの再現: ${n(decisions)} 件中 ${n(decisions - failed('derivation'))} 件。成立が正しい、または無効にされた承認: ${n(accepted)} 件中 ${n(accepted - failed('standing'))} 件。`,
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

export function toldAgain(
  others: readonly OtherOutcome[],
  { accepted, refused }: Counts,
  asOf: string,
  terminal: Terminal,
): readonly string[] {
  const n = (value: number): string => terminal.number(value);
  return [
    terminal.text({
      en: `Judged again on ${asOf}: ${n(others.length)} of ${n(accepted + refused)} orders would come out otherwise.`,
      ja: `${asOf} で再判定: ${n(accepted + refused)} 件中 ${n(others.length)} 件の結果が変わります。`,
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
