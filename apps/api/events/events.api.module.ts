import { Module } from '@nestjs/common';
import { EventLog } from '../../../libs/event-log/event-log.js';
import { ReadingModule } from '../reading/read-bounds.js';
import { EventPages } from './event-pages.js';
import { EventStreams } from './event-streams.js';
import { EventsController } from './events.controller.js';

/** The event log as pages and streams. */
@Module({
  imports: [ReadingModule],
  controllers: [EventsController],
  providers: [
    EventPages,
    {
      provide: EventStreams,
      useFactory: (log: EventLog) => new EventStreams(log),
      inject: [EventLog],
    },
  ],
})
export class EventsApiModule {}
