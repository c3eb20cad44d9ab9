import { knownEvent, UnknownEvent, upcast } from '../../event-log/catalogue/catalogue.js';
import type { LoggedEvent } from '../../event-log/event-log.js';

/** Which events this release can read. */
export interface EventCatalogue {
  /** The event in its newest version. Throws, saying so, when its type or version is unknown. */
  current(event: LoggedEvent): LoggedEvent;
  /**
   * Throws when the type is unknown: nobody can say that an event is none of his business without
   * knowing what it is.
   */
  assertKnown(event: LoggedEvent): void;
}

export const eventsOfThisRelease: EventCatalogue = {
  current: upcast,
  assertKnown: ({ type, version }) => {
    // Every type has had a first version; which one this event has matters only to who folds it.
    if (!knownEvent(type, 1)) throw new UnknownEvent(type, version);
  },
};
