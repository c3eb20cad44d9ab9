import { Injectable } from '@nestjs/common';
import { SubscriptionViews } from '../../../libs/application/billing/subscriptions/subscription-views.js';
import { SubscriptionEffects } from '../../../libs/application/days/subscription-effects.js';
import { subscriptionFold } from '../../../libs/application/records/folds.js';
import { Records } from '../../../libs/application/records/records.js';
import { scheduleOf } from '../../../libs/domain/billing/subscription/subscription.decide.js';
import type { SubscriptionId } from '../../../libs/domain/shared/ids.js';
import type { Position } from '../../../libs/event-log/event-log.js';
import { inScope } from '../../../libs/platform/authentication/principal.js';
import { CustomerScope } from '../customers/customer-scope.js';
import { ProblemException } from '../http/problems/problem.js';
import type { RequestContext } from '../http/request/request-context.js';
import { ReadBounds } from '../reading/read-bounds.js';
import { subscriptionView } from './subscription.view.js';

/** Reads single subscriptions, folded from their streams. */
@Injectable()
export class SubscriptionReader {
  constructor(
    private readonly records: Records,
    private readonly views: SubscriptionViews,
    private readonly effects: SubscriptionEffects,
    private readonly scope: CustomerScope,
    private readonly reached: ReadBounds,
  ) {}

  /** As it is now. With `minPosition`, after the effects of every event up to it. */
  async subscription(ctx: RequestContext, id: SubscriptionId, minPosition: Position | undefined) {
    const position = await this.reached.atLeast(await this.effects.readPosition(minPosition));
    const { state, revision } = await this.records.present(subscriptionFold(id), position);
    const { record } = state;
    if (!record || !inScope(ctx.principal, record.sold.partnerId))
      throw new ProblemException('not-found');
    if (!(await this.scope.includes(ctx, record.sold.tenantId, position)))
      throw new ProblemException('not-found');
    const view = subscriptionView(record, await this.views.factsOf(record, position));
    return { view, revision, position };
  }

  /** After a command: at the revision of the stream that the command left. */
  async after(id: SubscriptionId, revision: number) {
    const { record } = (await this.records.at(subscriptionFold(id), revision)).state;
    if (!record) throw new Error(`the subscription ${id} does not exist after the command`);
    return subscriptionView(record, await this.views.factsOf(record));
  }

  /** What a change at this revision, or an order that saw it, dropped of the schedule. */
  async droppedAt(id: SubscriptionId, revisionBefore: number) {
    const { record } = (await this.records.at(subscriptionFold(id), revisionBefore)).state;
    const dropped = record && scheduleOf(record.subscription);
    return dropped ? { droppedSchedule: dropped } : {};
  }
}
