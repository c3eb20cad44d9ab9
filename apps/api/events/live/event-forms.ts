import type { LoggedEvent } from '../../../../libs/event-log/event-log.js';
import { serverSentEvent } from '../../http/context/stream.js';
import { eventView } from '../event-pages.js';

/** How an event is written on a stream. */
export type EventForm = (event: LoggedEvent) => string;

export const asLine: EventForm = (event) => `${JSON.stringify(eventView(event))}\n`;

/** Its id is its position: what a client sends back as Last-Event-ID. */
export const asServerSentEvent: EventForm = (event) =>
  serverSentEvent(eventView(event), String(event.position), event.type);
