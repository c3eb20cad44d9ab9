import { Injectable, Module } from '@nestjs/common';
import { addMonthsClamped } from '../../../libs/domain/shared/calendar.js';
import { EventLog, type Position } from '../../../libs/event-log/event-log.js';
import { PositionNotReached } from '../../../libs/read-models/errors.js';
import { malformed } from '../http/problems/problem.js';

/** `minPosition` of reads that read the log itself, so they always cover all of it. */
@Injectable()
export class ReadBounds {
  constructor(private readonly log: EventLog) {}

  /** The log's head. Throws PositionNotReached if it is before `minPosition`. */
  async atLeast(minPosition: Position | undefined): Promise<Position> {
    const head = await this.log.head();
    if (minPosition !== undefined && head < minPosition)
      throw new PositionNotReached(minPosition, head);
    return head;
  }
}

/** For features whose reads accept `minPosition`. */
@Module({ providers: [ReadBounds], exports: [ReadBounds] })
export class ReadingModule {}

/** `asOf` may be in the past or up to one year in the future. Both dates are UTC. */
export function requireAsOfInRange(asOf: string | undefined, today: string): void {
  const latest = addMonthsClamped(today, 12);
  if (asOf !== undefined && asOf > latest)
    throw malformed({ path: '/asOf', code: 'range', expected: latest, bound: 'max' });
}
