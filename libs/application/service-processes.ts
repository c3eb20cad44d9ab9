import { ReadModels } from '../read-models/read-models.js';
import { DecisionLog } from './engine/commands/decision-log.js';
import { Decisions } from './engine/commands/decisions.js';
import { approvalProcess } from './direct-bill/authorization-start.js';
import { AuthorizationStarts } from './direct-bill/authorization-start.js';
import { SubscriptionEffects } from './days/subscription-effects.js';
import { SubscriptionsProcess } from './billing/subscriptions/subscriptions.process.js';
import { TermPricing } from './billing/term-pricing.js';
import { YearlyReCheck } from './direct-bill/yearly-re-check.process.js';
import {
  RequestedDocuments,
  requestedDocumentsProcess,
} from './billing/documents/requested-documents.js';
import { InvoiceRevenue } from './billing/revenue/invoice-revenue.process.js';
import { BillingRunProcess } from './billing/runs/billing-run.process.js';
import type { Infrastructure } from './infrastructure.js';
import { DayScheduler } from './days/day-scheduler.js';
import { ChangeProgramHandler } from './program/program.handler.js';
import { StateCache } from './engine/states/state-cache.js';
import { DayEffects } from './days/day-effects.js';
import type { LogProcess } from './engine/processes/log-process.js';
import { ProcessFollower } from './engine/processes/process-follower.js';

/**
 * The background work of a service: starts the days, and follows the log to append effects. A short
 * command does so only when it has to wait for effects (`DayEffects`).
 */
export class ServiceProcesses {
  constructor(
    private readonly days: Pick<DayScheduler, 'start' | 'stop'>,
    private readonly followers: readonly Pick<ProcessFollower, 'start' | 'stop'>[],
    /** Requests of a service, and short commands, wait for these effects. */
    readonly dayEffects: DayEffects,
    readonly subscriptionEffects: SubscriptionEffects,
  ) {}

  /**
   * Resolves when the days that are due have been started. The followers continue in the
   * background.
   */
  async start(): Promise<void> {
    for (const follower of this.followers) follower.start();
    await this.days.start();
  }

  /** Must be called before the infrastructure is closed. */
  async stop(): Promise<void> {
    await Promise.all([this.days.stop(), ...this.followers.map((follower) => follower.stop())]);
  }
}

/** The provider of ServiceProcesses. */
export const serviceProcesses = ({
  log,
  clock,
  processCheckpoints: checkpoints,
  report = () => undefined,
}: Infrastructure) => ({
  provide: ServiceProcesses,
  inject: [
    Decisions,
    DecisionLog,
    StateCache,
    ReadModels,
    ChangeProgramHandler,
    AuthorizationStarts,
    TermPricing,
    RequestedDocuments,
  ],
  useFactory: (
    ...[
      decisions,
      { validator },
      states,
      readModels,
      program,
      authorizations,
      pricing,
      documents,
    ]: [
      Decisions,
      DecisionLog,
      StateCache,
      ReadModels,
      ChangeProgramHandler,
      AuthorizationStarts,
      TermPricing,
      RequestedDocuments,
    ]
  ): ServiceProcesses => {
    const reCheck = new YearlyReCheck(log, readModels, decisions);
    const follower = (process: LogProcess) =>
      new ProcessFollower(process, { log, validator, checkpoints, report });
    const reChecks = follower(reCheck);
    const scheduler = new DayScheduler({ program, states, clock, report });
    const dayEffects = new DayEffects({
      states,
      clock,
      log,
      days: reCheck,
      startDays: () => scheduler.startNow(),
      followDays: () => reChecks.start(),
    });
    const subscriptions = new SubscriptionsProcess(log, readModels, states, decisions, pricing);
    const subscriptionFollower = follower(subscriptions);
    const subscriptionEffects = new SubscriptionEffects({
      process: subscriptions,
      states,
      clock,
      log,
      startDays: () => scheduler.startNow(),
      follow: () => subscriptionFollower.start(),
    });
    return new ServiceProcesses(
      scheduler,
      [
        follower(approvalProcess(authorizations)),
        reChecks,
        subscriptionFollower,
        follower(new BillingRunProcess({ log, states, readModels, clock })),
        follower(requestedDocumentsProcess(documents)),
        follower(new InvoiceRevenue({ log, states, decisions, readModels, clock })),
      ],
      dayEffects,
      subscriptionEffects,
    );
  },
});
