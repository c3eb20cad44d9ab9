import { type RenderedDecision, renderDecision } from '../../../libs/domain/gate/decision-view.js';
import { reasonText } from '../../../libs/domain/gate/reason-texts.js';
import type { StoredDecision } from '../../../libs/domain/order/stored-decision.js';
import type { StreamName } from '../../../libs/domain/shared/ids.js';
import { programStream } from '../../../libs/domain/shared/streams.js';
import { upcast } from '../../../libs/event-log/catalogue/catalogue.js';
import type { EventLog } from '../../../libs/event-log/event-log.js';
import type { Terminal } from '../running/terminal.js';

/** A decision with names written out and texts in the reader's language. */
export async function rendered(
  log: EventLog,
  decision: StoredDecision,
  ownStream: StreamName,
  { language }: Terminal,
): Promise<RenderedDecision> {
  return renderDecision(decision, ownStream, language, await policyDate(log, decision));
}

/** Prints each reason of a refusal: the problem, the line, and what to do. */
export function reasonLines(decision: RenderedDecision, terminal: Terminal): readonly string[] {
  return decision.checks.flatMap(({ rule, reason, lineIndex, message = '', partnerCenterCode }) => {
    if (reason === undefined) return [];
    const line =
      lineIndex === undefined
        ? ''
        : terminal.text({ en: `, line ${lineIndex + 1}`, ja: `、${lineIndex + 1} 行目` });
    const code = partnerCenterCode === undefined ? '' : `, Partner Center ${partnerCenterCode}`;
    return [
      `  ${reasonText(reason, terminal.language).title}  (${rule} ${reason}${line}${code})`,
      `    ${message}`,
    ];
  });
}

async function policyDate(log: EventLog, { policy }: StoredDecision): Promise<string> {
  for await (const [event] of log.readStream(programStream, { from: policy, limit: 1 })) {
    const published = event && upcast(event);
    if (published?.type === 'PolicyPublished') return published.data.effectiveFrom;
  }
  throw new Error(`${programStream}@${policy} is not a policy`);
}
