import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Partner, PartnerEvent } from '../../domain/partner/partner.js';
import type { DirectBillApplicationEvent } from '../../domain/qualification/application.js';
import { type EventId, partnerId } from '../../domain/shared/ids.js';
import { OutcomeUnknown } from '../../event-log/errors.js';
import type { LoggedEvent, Position } from '../../event-log/event-log.js';
import { processCommandId } from '../../event-log/identity.js';
import type { CommandContext } from '../engine/commands/command-context.js';
import { decided, Decisions } from '../engine/commands/decisions.js';
import { RequestInFlight } from '../engine/commands/failures.js';
import { partnerFold } from '../records/folds.js';
import { Records } from '../records/records.js';
import { applicationFold } from './application-fold.js';
import { applicationOf } from './application-stream.js';

/** Its name among the processes. */
export const APPROVAL_PROCESS = 'direct-bill-approval';

const DONE_WITHIN_MS = 10_000;
const AGAIN_AFTER_MS = 100;

type Approved = Extract<DirectBillApplicationEvent, { type: 'DirectBillApplicationApproved' }>;

/**
 * What follows on an approval: the partner's authorization starts, once, in its own stream. The
 * handler does it at once, and a process that follows the log makes sure of it: both give the same
 * command.
 */
@Injectable()
export class AuthorizationStarts {
  /** The handler and the process of one service are told of an approval in the same moment. */
  private readonly underWay = new Map<EventId, Promise<Position>>();

  constructor(
    private readonly decisions: Decisions,
    private readonly records: Records,
  ) {}

  /**
   * Returns the position at which the authorization is on record. Throws OutcomeUnknown when
   * another process takes too long over it.
   */
  follow(approved: LoggedEvent): Promise<Position> {
    const { id } = approved;
    const underWay =
      this.underWay.get(id) ?? this.untilDone(approved).finally(() => this.underWay.delete(id));
    this.underWay.set(id, underWay);
    return underWay;
  }

  /**
   * Another process may have claimed the command: its result is there soon, or its claim is taken
   * over.
   */
  private async untilDone(approved: LoggedEvent): Promise<Position> {
    for (const until = performance.now() + DONE_WITHIN_MS; ;) {
      try {
        return await this.start(approved);
      } catch (error) {
        if (!(error instanceof RequestInFlight)) throw error;
        if (performance.now() > until)
          throw new OutcomeUnknown('it is not known whether the authorization has started', {
            cause: error,
          });
        await delay(AGAIN_AFTER_MS);
      }
    }
  }

  private async start(approved: LoggedEvent): Promise<Position> {
    // the catalogue's form of the type that was approved
    const { from, evidence } = approved.data as Approved['data'];
    const partner = await this.partnerOf(approved);
    // It is appended even where the same is on record: whether it was must not depend on when a
    // repeat of this looks.
    const outcome = await this.decisions.commit<Partner, PartnerEvent, never>(
      contextOf(approved),
      partnerFold(partner),
      () =>
        decided<PartnerEvent>([
          { type: 'DirectBillAuthorizationStarted', data: { from, evidence } },
        ]),
    );
    return outcome.kind === 'refused' ? approved.position : outcome.position;
  }

  private async partnerOf({ stream, revision }: LoggedEvent) {
    const { state } = await this.records.at(applicationFold(applicationOf(stream)), revision);
    if (state.partnerId === undefined)
      throw new Error(`${stream} was approved before it was submitted`);
    return partnerId(state.partnerId);
  }
}

function contextOf({ id, metadata }: LoggedEvent): CommandContext {
  return {
    commandId: processCommandId(APPROVAL_PROCESS, id, 'authorize'),
    actor: `process:${APPROVAL_PROCESS}`,
    causationId: id,
    correlationId: metadata.correlationId,
    isStep: true,
  };
}
