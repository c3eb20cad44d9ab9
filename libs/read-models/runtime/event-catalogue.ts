import { upcast } from '../../event-log/catalogue/catalogue.js';
import type { LoggedEvent } from '../../event-log/event-log.js';

/** Which events this release can read. */
export interface EventCatalogue {
  /** The event in its newest version. Throws, saying so, when its type or version is unknown. */
  current(event: LoggedEvent): LoggedEvent;
}

export const eventsOfThisRelease: EventCatalogue = { current: upcast };
