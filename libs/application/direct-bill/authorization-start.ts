import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { PartnerEvent } from '../../domain/partner/partner.js';
import type { DirectBillApplicationEvent } from '../../domain/direct-bill/application.js';
import { type EventId, partnerId } from '../../domain/shared/ids.js';
import { OutcomeUnknown } from '../../event-log/errors.js';
import type { LoggedEvent, Position } from '../../event-log/event-log.js';
import { processCommandId } from '../../event-log/identity.js';
import type { CommandContext } from '../engine/commands/command-context.js';
import { Decisions } from '../engine/commands/decisions.js';
import { decided, type Logged } from '../engine/commands/decision.js';
import { RequestInFlight } from '../engine/commands/failures.js';
import type { LogProcess } from '../engine/processes/log-process.js';
import { partnerFold } from '../records/folds.js';
import { Records } from '../records/records.js';
import { applicationFold } from './application-fold.js';
import { applicationOf } from './application-fold.js';

/** The name of the process and of its checkpoint. */
const APPROVAL_PROCESS = 'direct-bill-approval';

const DONE_WITHIN_MS = 10_000;
const AGAIN_AFTER_MS = 100;

export type Approved = Logged<
  Extract<DirectBillApplicationEvent, { type: 'DirectBillApplicationApproved' }>
>;

/**
 * Starts a partner's authorization once after an approval, in the partner's stream. The handler of
 * the approval does so at once. The approval process, which follows the log, gives the same command
 * again in case the handler died.
 */
@Injectable()
export class AuthorizationStarts {
  /**
   * The handler and the process of the same service receive an approval at almost the same time.
   */
  private readonly underWay = new Map<EventId, Promise<Position>>();

  constructor(
    private readonly decisions: Decisions,
    private readonly records: Records,
  ) {}

  /**
   * Returns the position at which the authorization is on record. Throws OutcomeUnknown if another
   * process takes too long to append it.
   */
  follow(approved: Approved): Promise<Position> {
    const { id } = approved;
    const underWay =
      this.underWay.get(id) ?? this.untilDone(approved).finally(() => this.underWay.delete(id));
    this.underWay.set(id, underWay);
    return underWay;
  }

  /** If another process has claimed the command, waits until it ends or its claim is taken over. */
  private async untilDone(approved: Approved): Promise<Position> {
    for (const until = performance.now() + DONE_WITHIN_MS; ;) {
      try {
        return await this.start(approved);
      } catch (error) {
        if (!(error instanceof RequestInFlight)) throw error;
        if (performance.now() > until)
          throw new OutcomeUnknown('it is not known whether the authorization was started', {
            cause: error,
          });
        await delay(AGAIN_AFTER_MS);
      }
    }
  }

  private async start(approved: Approved): Promise<Position> {
    const { from, evidence } = approved.data;
    const partner = await this.partnerOf(approved);
    // Appended even if the same authorization is on record, so that a repeat's result does not
    // depend on its time.
    const outcome = await this.decisions.commit(contextOf(approved), partnerFold(partner), () =>
      decided<PartnerEvent>([{ type: 'DirectBillAuthorizationStarted', data: { from, evidence } }]),
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

/** Makes sure that each approval starts its authorization, even if the handler died. */
export const approvalProcess = (authorizations: AuthorizationStarts): LogProcess<Approved> => ({
  name: APPROVAL_PROCESS,
  types: ['DirectBillApplicationApproved'],
  take: async (approved) => {
    await authorizations.follow(approved);
  },
});
