import { Controller, Get } from '@nestjs/common';
import { DecisionLog } from '../../../libs/application/engine/commands/decision-log.js';
import type { OrderValidator } from '../../../libs/application/gate/order-validator.js';
import { LogHead } from '../../../libs/application/engine/commands/log-head.js';
import { activeRuleset } from '../../../libs/application/gate/order-judgement.js';
import { Records } from '../../../libs/application/records/records.js';
import { EventLog } from '../../../libs/event-log/event-log.js';
import { problemOfError } from '../http/problems/error-problems.js';
import { ProblemException } from '../http/problems/problem.js';
import { RequestContext } from '../http/request/request-context.js';
import { answer } from '../http/response/answer.js';
import { Ctx } from '../http/routing/request-decorators.js';
import { Allow, Describe } from '../http/routing/route-declaration.js';
import { withinReadinessDeadline } from './readiness-deadline.js';

const tag = 'Service';

@Controller('health')
export class HealthController {
  constructor(
    private readonly log: EventLog,
    private readonly records: Records,
    private readonly head: LogHead,
    private readonly decisionLog: DecisionLog<OrderValidator>,
  ) {}

  @Get('live')
  @Allow('everyone')
  @Describe({
    summary: 'Check that the process answers',
    tag,
    answers: [{ status: 200, description: 'The process answers', example: { status: 'live' } }],
  })
  live(@Ctx() ctx: RequestContext): string {
    return answer(ctx, { status: 'live' });
  }

  /**
   * Checks only the log and the order gate: a projection that is late or has stopped must not keep
   * orders out.
   */
  @Get('ready')
  @Allow('everyone')
  @Describe({
    summary: 'Check that the event log answers and the order gate can judge',
    tag,
    answers: [
      {
        status: 200,
        description: 'The service is ready',
        example: { status: 'ready', position: '1042' },
      },
    ],
  })
  async ready(@Ctx() ctx: RequestContext): Promise<string> {
    try {
      const { position, ruleset } = await withinReadinessDeadline(this.look());
      return answer(ctx, { status: 'ready', position: String(position), ruleset });
    } catch (error) {
      throw problemOfError(error) ?? new ProblemException('not-ready', { cause: error });
    }
  }

  private async look() {
    const position = await this.log.head();
    const { state } = await this.records.program(position);
    const ruleset = activeRuleset(state).name;
    this.head.assertClockIsUsable();
    this.decisionLog.validator?.assertFollowing();
    return { position, ruleset };
  }
}
