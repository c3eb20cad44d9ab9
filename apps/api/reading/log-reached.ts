import { Injectable } from '@nestjs/common';
import { EventLog, type Position } from '../../../libs/event-log/event-log.js';
import { PositionNotReached } from '../../../libs/read-models/errors.js';

/**
 * For reads that go to the log itself: they cover everything that is in it, so a position beyond
 * its end will never be reached.
 */
@Injectable()
export class LogReached {
  constructor(private readonly log: EventLog) {}

  /** The log's head, at `minPosition` at least. Throws PositionNotReached. */
  async atLeast(minPosition: Position | undefined): Promise<Position> {
    const head = await this.log.head();
    if (minPosition !== undefined && head < minPosition)
      throw new PositionNotReached(minPosition, head);
    return head;
  }
}
