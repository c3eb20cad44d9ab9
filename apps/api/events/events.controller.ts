import { Controller, Get, StreamableFile } from '@nestjs/common';
import { Readable } from 'node:stream';
import { streamName } from '../../../libs/domain/shared/ids.js';
import { EventsQuery } from '../dto/log.dto.js';
import { openLiveStream } from '../http/limits/http-limits.js';
import { malformed } from '../http/problems/problem.js';
import { RequestContext, requireUnscoped } from '../http/request/request-context.js';
import { answer } from '../http/response/answer.js';
import { acceptedType } from '../http/response/negotiation.js';
import { streamed } from '../http/response/stream.js';
import { Ctx, FromQuery } from '../http/routing/request-decorators.js';
import { Allow, Describe } from '../http/routing/route-declaration.js';
import { ReadBounds } from '../reading/read-bounds.js';
import { EventPages } from './event-pages.js';
import type { EventRange } from './event-selection.js';
import { EventStreams } from './event-streams.js';

const example = {
  items: [
    {
      position: '0',
      id: '9d1f0a52-53a1-5b0f-8c83-2f6a0f3f7c42',
      type: 'LogCreated',
      version: 1,
      stream: 'program',
      revision: 0,
      recordedAt: '2026-11-22T09:30:00.000Z',
      data: { logId: '5b2c7f3e-8f1c-4d0a-9a34-0c7b7c2f6d11', clock: 'system' },
      metadata: {
        commandId: '019ab3f0-0000-7000-8000-000000000000',
        index: 0,
        actor: 'process:start',
        correlationId: '019ab3f0-0000-7000-8000-000000000000',
      },
    },
  ],
  nextAfter: '0',
  atHead: false,
};

/** The log itself, in its stored form. */
@Controller('v1/events')
export class EventsController {
  constructor(
    private readonly pages: EventPages,
    private readonly streams: EventStreams,
    private readonly reached: ReadBounds,
  ) {}

  @Get()
  @Allow('read sealed values')
  @Describe({
    summary:
      'Read the events after a position: a page (JSON), all of them (application/x-ndjson), or a live stream (text/event-stream)',
    tag: 'Events',
    answers: [
      {
        status: 200,
        description:
          'A page of events. It may have fewer than `limit`; `atHead` is true at the end of the log',
        example,
      },
    ],
  })
  async events(
    @Ctx() ctx: RequestContext,
    @FromQuery() query: EventsQuery,
  ): Promise<string | StreamableFile | undefined> {
    // The log has events of all partners. A scoped key reads its partners' records and orders
    // instead.
    requireUnscoped(ctx);
    const type = acceptedType(ctx, [
      'application/json',
      'application/x-ndjson',
      'text/event-stream',
    ]);
    const head = await this.reached.atLeast(query.minPosition);
    const wanted = wantedOf(query);
    if (type === 'text/event-stream') {
      const resumed = { ...wanted, after: resumeAfter(ctx) ?? wanted.after };
      return liveStream(ctx, 'text/event-stream; charset=utf-8', () =>
        this.streams.live(resumed, head, ctx.signal),
      );
    }
    if (type === 'application/x-ndjson') {
      return liveStream(ctx, 'application/x-ndjson; charset=utf-8', () =>
        this.streams.lines(wanted, head, ctx.signal),
      );
    }
    return answer(ctx, await this.pages.page(wanted, head, query.limit));
  }
}

/** Takes one of the live-stream places of the caller. */
function liveStream(ctx: RequestContext, mediaType: string, open: () => Readable): StreamableFile {
  if (ctx.method === 'HEAD') return streamed(ctx, mediaType, Readable.from([]));
  openLiveStream(ctx.request);
  return streamed(ctx, mediaType, open());
}

const wantedOf = ({ after = -1, type, stream }: EventsQuery): EventRange => ({
  after,
  ...(type === undefined ? {} : { types: [type] }),
  ...(stream === undefined ? {} : { streams: [streamName(stream)] }),
});

/** A client that reconnects sends the id of its last event, which is the event's position. */
function resumeAfter({ request }: RequestContext): number | undefined {
  const id = request.headers['last-event-id'];
  if (id === undefined || id === '') return undefined;
  if (typeof id !== 'string' || !/^(0|[1-9]\d{0,15})$/.test(id))
    throw malformed({ path: '/Last-Event-ID', code: 'format', expected: 'position', in: 'header' });
  return Number(id);
}
