import type { LoggedEvent } from '../../../libs/event-log/event-log.js';
import { serverSentEvent } from '../http/response/stream.js';

/** An event in the form of the API: the stored form, with the position as a decimal string. */
export const eventView = ({ position, ...event }: LoggedEvent) => ({
  position: String(position),
  ...event,
});

/** An event in the form of a stream. */
export type EventForm = (event: LoggedEvent) => string;

export const asLine: EventForm = (event) => `${JSON.stringify(eventView(event))}\n`;

/** The id is the position, which a client sends back as Last-Event-ID. */
export const asServerSentEvent: EventForm = (event) =>
  serverSentEvent(eventView(event), String(event.position), event.type);
