import type { EventFilter, ReadAll } from '../../../libs/event-log/event-log.js';

/** The events that a client requests. */
export type EventRange = Pick<ReadAll, 'after' | 'types' | 'streams'>;

/** Selects the events of a stream by type and stream. */
export class EventSelection {
  readonly isFiltered: boolean;
  private readonly types: ReadonlySet<string> | undefined;
  private readonly streams: ReadonlySet<string> | undefined;

  constructor(readonly filter: EventFilter) {
    this.types = filter.types && new Set(filter.types);
    this.streams = filter.streams && new Set(filter.streams);
    this.isFiltered = this.types !== undefined || this.streams !== undefined;
  }

  includes({ type, stream }: { readonly type: string; readonly stream: string }): boolean {
    return (this.types?.has(type) ?? true) && (this.streams?.has(stream) ?? true);
  }
}
