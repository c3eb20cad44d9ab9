import { Controller, Get } from '@nestjs/common';
import { EventLog } from '../../libs/event-log/event-log.js';
import { ReadModels } from '../../libs/read-models/read-models.js';
import { inTime } from '../api/health/in-time.js';
import { Ctx } from '../api/http/access/request-decorators.js';
import { Allow } from '../api/http/access/route-declaration.js';
import { answer } from '../api/http/context/answer.js';
import { RequestContext } from '../api/http/context/request-context.js';
import { Describe } from '../api/http/openapi/answers.js';
import { problemOfError } from '../api/http/problems/error-problems.js';
import { ProblemException } from '../api/http/problems/problem.js';

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

  /** One that stands by for another's lease is ready too: it is what takes over. */
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
      const [position] = await inTime(
        Promise.all([this.log.head(), this.readModels.projections()]),
      );
      return answer(ctx, { status: 'ready', position: String(position) });
    } catch (error) {
      throw problemOfError(error) ?? new ProblemException('not-ready', { cause: error });
    }
  }
}
