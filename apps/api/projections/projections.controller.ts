import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { EventLog } from '../../../libs/event-log/event-log.js';
import type { ProjectionStatus } from '../../../libs/read-models/projection-status.js';
import { ReadModels } from '../../../libs/read-models/read-models.js';
import { ProjectionPath } from '../dto/paths.js';
import { ReadQuery } from '../dto/shared.dto.js';
import { RequestContext, requireUnscoped } from '../http/request/request-context.js';
import { answer } from '../http/response/answer.js';
import { Ctx, FromPath, FromQuery } from '../http/routing/request-decorators.js';
import { Allow, Describe, Idempotent } from '../http/routing/route-declaration.js';

const tag = 'Projections';

/** The projections that serve lists, each with its position and lag. */
@Controller('v1/projections')
export class ProjectionsController {
  constructor(
    private readonly readModels: ReadModels,
    private readonly log: EventLog,
  ) {}

  @Get()
  @Allow('read projections')
  @Describe({
    summary: 'List the projections with their position, lag, version and state',
    tag,
    answers: [
      {
        status: 200,
        description: 'All projections',
        example: {
          items: [{ name: 'orders', version: 1, position: '1042', lag: 0, state: 'live' }],
        },
      },
    ],
  })
  async list(@Ctx() ctx: RequestContext, @FromQuery() query: ReadQuery): Promise<string> {
    // Positions and lags show the volume of all partners.
    requireUnscoped(ctx);
    if (query.minPosition !== undefined) await this.readModels.waitFor(query.minPosition);
    const items = (await this.readModels.projections()).map(projectionView);
    return answer(ctx, { items });
  }

  @Post(':name/rebuild')
  @HttpCode(202)
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary: 'Rebuild a projection: fill new tables, compare them with those in use, and switch',
    tag,
    answers: [
      {
        status: 202,
        description: 'In progress: GET /v1/projections shows the progress',
        example: { name: 'orders', state: 'rebuilding' },
      },
    ],
  })
  async rebuild(@Ctx() ctx: RequestContext, @FromPath() { name }: ProjectionPath): Promise<string> {
    requireUnscoped(ctx);
    await this.readModels.rebuild(name);
    return answer(
      ctx,
      { name, state: 'rebuilding' },
      { status: 202, position: await this.log.head() },
    );
  }
}

/** Positions are decimal strings, everywhere; "-1" is the position before the first event. */
const projectionView = ({ position, rebuild, error, ...status }: ProjectionStatus) => ({
  ...status,
  position: String(position),
  ...(rebuild && { rebuild: { ...rebuild, position: String(rebuild.position) } }),
  ...(error && { error: { ...error, position: String(error.position) } }),
});
