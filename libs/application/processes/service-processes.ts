import { ReadModels } from '../../read-models/read-models.js';
import { DecisionLog } from '../decisions/decision-log.js';
import { Decisions } from '../decisions/decisions.js';
import { approvalProcess } from '../direct-bill/approval.process.js';
import { AuthorizationStarts } from '../direct-bill/start-authorization.js';
import { YearlyReCheck } from '../direct-bill/yearly-re-check.process.js';
import type { Infrastructure } from '../infrastructure.js';
import { DayScheduler } from '../program/day-scheduler.js';
import { ChangeProgramHandler } from '../program/program.handler.js';
import { StateCache } from '../states/state-cache.js';
import { ProcessFollower } from './process-follower.js';

/** What a service does without being asked: it starts the days, and follows the log with effects. Short commands do none of it. */
export class ServiceProcesses {
  constructor(
    private readonly days: Pick<DayScheduler, 'start' | 'stop'>,
    private readonly followers: readonly Pick<ProcessFollower, 'start' | 'stop'>[],
  ) {}

  /** Resolves when the days that are due have been started; the followers go on by themselves. */
  async start(): Promise<void> {
    for (const follower of this.followers) follower.start();
    await this.days.start();
  }

  /** Before what they stand on is closed. */
  async stop(): Promise<void> {
    await Promise.all([this.days.stop(), ...this.followers.map((follower) => follower.stop())]);
  }
}

/** How the application comes by them. */
export const serviceProcesses = ({ log, clock, processCheckpoints: checkpoints, report = () => undefined }: Infrastructure) => ({
  provide: ServiceProcesses,
  inject: [Decisions, DecisionLog, StateCache, ReadModels, ChangeProgramHandler, AuthorizationStarts],
  useFactory: (
    ...[decisions, { standing }, states, readModels, program, authorizations]: [
      Decisions,
      DecisionLog,
      StateCache,
      ReadModels,
      ChangeProgramHandler,
      AuthorizationStarts,
    ]
  ): ServiceProcesses => {
    const processes = [approvalProcess(authorizations), new YearlyReCheck(log, readModels, decisions)];
    return new ServiceProcesses(
      new DayScheduler({ program, states, clock, report }),
      processes.map((process) => new ProcessFollower(process, { log, standing, checkpoints, report })),
    );
  },
});
