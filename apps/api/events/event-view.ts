import type { LoggedEvent } from '../../../libs/event-log/event-log.js';
import { serverSentEvent } from '../http/response/stream.js';

/** An event as the API gives it: the stored form, with its position as a decimal string. */
export const eventView = ({ position, ...event }: LoggedEvent) => ({
  position: String(position),
  ...event,
});

/** How an event is written on a stream. */
export type EventForm = (event: LoggedEvent) => string;

export const asLine: EventForm = (event) => `${JSON.stringify(eventView(event))}\n`;

/** Its id is its position: what a client sends back as Last-Event-ID. */
export const asServerSentEvent: EventForm = (event) =>
  serverSentEvent(eventView(event), String(event.position), event.type);
