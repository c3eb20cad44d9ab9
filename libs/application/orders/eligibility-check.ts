import { Injectable } from '@nestjs/common';
import type { JudgementTime } from '../../domain/gate/facts.js';
import type { OrderRequest } from '../../domain/gate/order.js';
import type { StoredDecision } from '../../domain/gate/stored-decision.js';
import { programStream } from '../../domain/shared/streams.js';
import { EventLog, type Position } from '../../event-log/event-log.js';
import { judgeOrder } from '../gate/judge-order.js';
import { PriceRows } from '../gate/price-rows.js';
import { StateCache } from '../states/state-cache.js';
import { PastView } from '../states/view.js';
import { Clock } from '../time/clock.js';
import { resolveKnownAt } from '../time/known-at.js';

export interface CheckedEligibility {
  readonly decision: StoredDecision;
  /** The position up to which the log was looked at. */
  readonly knownAt: Position;
}

/** Asks the gate without placing an order: the same rules on the same facts, for any day and as known at any moment. Appends nothing. */
@Injectable()
export class EligibilityChecks {
  private rulesFrom: Promise<Position> | undefined;

  constructor(
    private readonly log: EventLog,
    private readonly states: StateCache,
    private readonly priceRows: PriceRows,
    private readonly clock: Clock,
  ) {}

  /** `asOf`: a business date (UTC); `knownAt`: a position or an instant. */
  async check(order: OrderRequest, asOf?: string, knownAt?: string): Promise<CheckedEligibility> {
    const resolved = await resolveKnownAt(this.log, knownAt);
    const position = knownAt === undefined ? resolved : Math.max(resolved, await this.firstRules());
    const view = knownAt === undefined ? this.states : new PastView(this.log, position);
    const { judgement } = await judgeOrder(order, this.timeOf(asOf), view, this.priceRows);
    return { decision: judgement.decision, knownAt: position };
  }

  /**
   * The log's first append brings its ruleset and its policy, in one: it was never without them. What is asked of a moment inside it
   * or before it is judged by them, and by nothing else.
   */
  private firstRules(): Promise<Position> {
    this.rulesFrom ??= endOfFirstAppend(this.log);
    return this.rulesFrom;
  }

  private timeOf(asOf: string | undefined): JudgementTime {
    const now = this.clock.judgementTime();
    return asOf === undefined ? now : { instant: now.instant, date: asOf, latestDate: asOf };
  }
}

async function endOfFirstAppend(log: EventLog): Promise<Position> {
  for await (const [first] of log.readStream(programStream, { limit: 1 })) {
    if (first) return (await log.eventsOfCommand(first.metadata.commandId)).at(-1)?.position ?? first.position;
  }
  return -1;
}
