import type { EventId, StreamName } from '../../domain/shared/ids.js';

/** A folded state kept beside the log, so that a cold stream of many events loads fast. It can be lost at any time. */
export interface Snapshot {
  readonly revision: number;
  /** The event at that revision: a snapshot of another log, or of a log that was restored, is not used. */
  readonly eventId: EventId;
  /** JSON of the state. Personal data in it is sealed. */
  readonly state: string;
}

export abstract class Snapshots {
  abstract get(stream: StreamName, version: string): Snapshot | undefined;
  abstract put(stream: StreamName, version: string, snapshot: Snapshot): void;
}

export class NoSnapshots extends Snapshots {
  get(): undefined {
    return undefined;
  }
  put(): void {
    // nothing is kept: a cold stream is folded from its first event
  }
}
