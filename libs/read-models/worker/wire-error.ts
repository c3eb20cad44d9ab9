import {
  InvalidCursor,
  InvalidLimit,
  PositionNotReached,
  ProjectionStopped,
  ReadModelBehind,
  ReadModelsUnavailable,
  UnknownProjection,
} from '../errors.js';

/** An error as it is sent between threads: structured cloning loses the class and its fields. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export function toWire(error: unknown): WireError {
  const {
    name = 'Error',
    message = String(error),
    ...rest
  } = error as { name?: string; message?: string };
  return { name, message, fields: cloneable(rest) };
}

/** The fields of an error that can be cloned. */
const cloneable = (fields: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) =>
      ['string', 'number', 'boolean'].includes(typeof value),
    ),
  );

export function fromWire({ name, message, fields }: WireError): Error {
  const revive = revivers[name];
  return revive
    ? revive(fields)
    : Object.assign(new ReadModelsUnavailable(message), { cause: { name, ...fields } });
}

type Fields = Readonly<Record<string, unknown>>;
const text = (value: unknown): string => String(value);
const number = (value: unknown): number => Number(value);

/** The errors that callers distinguish; all others become ReadModelsUnavailable. */
const revivers: Readonly<Record<string, (fields: Fields) => Error>> = {
  InvalidCursor: ({ cursor }) => new InvalidCursor(text(cursor)),
  InvalidLimit: ({ limit }) => new InvalidLimit(number(limit)),
  PositionNotReached: ({ position, head }) =>
    new PositionNotReached(number(position), number(head)),
  ProjectionStopped: ({ projection, position, eventId, reason }) =>
    new ProjectionStopped(text(projection), number(position), text(eventId), text(reason)),
  ReadModelBehind: ({ projection, position, reached }) =>
    new ReadModelBehind(text(projection), number(position), number(reached)),
  UnknownProjection: ({ projection }) => new UnknownProjection(text(projection)),
};
