import { randomUUID } from 'node:crypto';
import {
  type AppendExpectedRevision,
  type AppendResult,
  binaryEvent,
  EventStoreDBClient,
  type EventData,
  jsonEvent,
} from '@eventstore/db-client';

/** The client's two ways to append; credentials of the call's own choose the unary one. */
export type Way = 'unary' | 'batch';
export const ways: readonly Way[] = ['unary', 'batch'];

const credentials = { username: 'admin', password: 'changeit' };

/** A server, real or not, and unique names on it. */
export class World {
  readonly client: EventStoreDBClient;
  readonly #run = randomUUID().slice(0, 8);

  constructor(private readonly url: string) {
    this.client = EventStoreDBClient.connectionString(url);
  }

  /** A stream's name, of the same length in every run. */
  stream(name: string): string {
    return `t${this.#run}.${name}`;
  }

  /** Host and port of a single node, for requests that the client cannot make. */
  get address(): string {
    return new URL(this.url.replace('esdb:', 'http:')).host;
  }

  append(
    name: string,
    events: EventData | EventData[],
    expectedRevision: AppendExpectedRevision,
    way: Way = 'unary',
  ): Promise<AppendResult> {
    const options = way === 'unary' ? { expectedRevision, credentials } : { expectedRevision };
    return this.client.appendToStream(this.stream(name), events, options);
  }

  /** The revisions that a read of the stream returns, or the error. */
  async revisions(
    name: string,
    options: Parameters<EventStoreDBClient['readStream']>[1] = {},
  ): Promise<readonly number[]> {
    const found: number[] = [];
    for await (const { event } of this.client.readStream(this.stream(name), options))
      found.push(Number(event!.revision));
    return found;
  }

  async dispose(): Promise<void> {
    await this.client.dispose();
  }
}

export const event = (id: string = randomUUID(), type = 'T'): EventData =>
  jsonEvent({ type, id, data: {} });
export const events = (count: number): EventData[] => Array.from({ length: count }, () => event());
export const bytes = (dataBytes: number, metadataBytes = 0): EventData =>
  binaryEvent({
    type: 'B',
    data: new Uint8Array(dataBytes),
    ...(metadataBytes > 0 && { metadata: new Uint8Array(metadataBytes) }),
  });

/** An error in the form that a caller can inspect. */
export async function failure(work: Promise<unknown>): Promise<Readonly<Record<string, unknown>>> {
  try {
    return { answered: await work };
  } catch (error) {
    const { message, code, type, actualVersion, expectedVersion, maxAppendSize } =
      error as Readonly<Record<string, unknown>>;
    const known = {
      is: (error as Error).constructor.name,
      message,
      code,
      type,
      actualVersion,
      expectedVersion,
      maxAppendSize,
    };
    return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
  }
}
