import { Controller, Get } from '@nestjs/common';
import { EventLog } from '../../libs/event-log/event-log.js';
import { ReadModels } from '../../libs/read-models/read-models.js';
import { withinReadinessDeadline } from '../api/health/readiness-deadline.js';
import { problemOfError } from '../api/http/problems/error-problems.js';
import { ProblemException } from '../api/http/problems/problem.js';
import { RequestContext } from '../api/http/request/request-context.js';
import { answer } from '../api/http/response/answer.js';
import { Ctx } from '../api/http/routing/request-decorators.js';
import { Allow, Describe } from '../api/http/routing/route-declaration.js';

const tag = 'Service';

@Controller('health')
export class ProjectorHealthController {
  constructor(
    private readonly log: EventLog,
    private readonly readModels: ReadModels,
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
   * A projector that waits for the lease is ready too: it takes over when the other projector ends.
   */
  @Get('ready')
  @Allow('everyone')
  @Describe({
    summary: 'Check that the event log and the read models answer',
    tag,
    answers: [
      {
        status: 200,
        description: 'The projector is ready',
        example: { status: 'ready', position: '1042' },
      },
    ],
  })
  async ready(@Ctx() ctx: RequestContext): Promise<string> {
    try {
      const [position] = await withinReadinessDeadline(
        Promise.all([this.log.head(), this.readModels.projections()]),
      );
      return answer(ctx, { status: 'ready', position: String(position) });
    } catch (error) {
      throw problemOfError(error) ?? new ProblemException('not-ready', { cause: error });
    }
  }
}
