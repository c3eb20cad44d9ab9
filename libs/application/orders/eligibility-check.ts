import { Injectable } from '@nestjs/common';
import type { JudgementTime } from '../../domain/gate/facts.js';
import type { OrderRequest } from '../../domain/gate/order.js';
import type { StoredDecision } from '../../domain/gate/stored-decision.js';
import { programStream } from '../../domain/shared/streams.js';
import { EventLog, type LoggedEvent, type Position } from '../../event-log/event-log.js';
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

  /** `asOf`: a business date (UTC); `knownAt`: a position or an instant; `head`: the log's, if it has been asked just now. */
  async check(order: OrderRequest, asOf?: string, knownAt?: string, head?: Position): Promise<CheckedEligibility> {
    const resolved = await resolveKnownAt(this.log, knownAt, head);
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
    this.rulesFrom ??= endOfFirstAppend(this.log).catch((error: unknown) => {
      this.rulesFrom = undefined; // asked again next time
      throw error;
    });
    return this.rulesFrom;
  }

  private timeOf(asOf: string | undefined): JudgementTime {
    const now = this.clock.judgementTime();
    return asOf === undefined ? now : { instant: now.instant, date: asOf, latestDate: asOf };
  }
}

/** The events of one append follow each other in their stream, under one command. */
async function endOfFirstAppend(log: EventLog): Promise<Position> {
  let last: LoggedEvent | undefined;
  for await (const page of log.readStream(programStream)) {
    for (const event of page) {
      if (last && event.metadata.commandId !== last.metadata.commandId) return last.position;
      last = event;
    }
  }
  return last?.position ?? -1;
}
