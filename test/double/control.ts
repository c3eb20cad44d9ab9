import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { EventStoreDouble } from './event-store-double.js';
import type { Ending } from './node.js';
import type { LogCopy } from './transaction-log.js';
import {
  type Fault,
  type FaultKind,
  isFaultKind,
  type Programme,
  type RandomProgramme,
} from './faults.js';

/** A fault programme as JSON. */
export type ProgrammeJson = Omit<Programme, 'stream'> & {
  readonly stream?: string;
  readonly streamPattern?: string;
};
export type RandomJson = Omit<RandomProgramme, 'stream'> & {
  readonly stream?: string;
  readonly streamPattern?: string;
};

/**
 * The commands for a double in another process: `POST /<name>` with a JSON body, answered with
 * JSON.
 */
export interface Commands {
  addFault(ask: { readonly kind: FaultKind; readonly programme?: ProgrammeJson }): {
    readonly fault: number;
  };
  releaseFault(ask: { readonly fault: number }): { readonly hits: number };
  cancelFault(ask: { readonly fault: number }): { readonly hits: number };
  hitsOfFault(ask: { readonly fault: number }): { readonly hits: number };
  clearFaults(): void;
  randomFaults(ask: RandomJson): void;
  randomHits(): Readonly<Record<string, number>>;
  /** Stops listening; the data stays. */
  refuse(): Promise<void>;
  accept(): Promise<void>;
  cutConnections(): void;
  pause(): void;
  resume(): void;
  dropSubscriptions(ask: { readonly how?: Ending }): void;
  lagAll(ask: { readonly lagMs: number }): void;
  stallReplication(): void;
  resumeReplication(): void;
  loseTail(): { readonly lost: number };
  /** A backup, kept in the double's process; `restore` takes its number. */
  copy(): { readonly copy: number };
  restore(ask: { readonly copy: number }): Promise<void>;
  clockOffset(ask: { readonly offsetMs: number }): void;
  inject(ask: {
    readonly stream: string;
    readonly events: readonly { readonly type: string; readonly data?: unknown }[];
  }): void;
  calls(): Readonly<Record<string, number>>;
  resetCalls(): void;
  events(): readonly StoredJson[];
}

export interface StoredJson {
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

/** The commands on this double. */
export function commandsOn(double: EventStoreDouble): Commands {
  const faults: Fault[] = [];
  const copies: LogCopy[] = [];
  const fault = (number: number): Fault => {
    const found = faults[number];
    if (!found) throw new Error(`no fault ${number}`);
    return found;
  };
  return {
    addFault: ({ kind, programme = {} }) => {
      if (!isFaultKind(kind)) throw new Error(`no fault is called ${String(kind)}`);
      return { fault: faults.push(double.faults.add(kind, withPattern(programme))) - 1 };
    },
    releaseFault: (ask) => {
      fault(ask.fault).release();
      return { hits: fault(ask.fault).hits };
    },
    cancelFault: (ask) => {
      fault(ask.fault).cancel();
      return { hits: fault(ask.fault).hits };
    },
    hitsOfFault: (ask) => ({ hits: fault(ask.fault).hits }),
    clearFaults: () => double.faults.clear(),
    randomFaults: (ask) => double.faults.atRandom(withPattern(ask)),
    randomHits: () => Object.fromEntries(double.faults.randomHits),
    refuse: () => double.stop(),
    accept: () => double.restart(),
    cutConnections: () => double.cutConnections(),
    pause: () => double.pause(),
    resume: () => double.resume(),
    dropSubscriptions: ({ how }) => double.dropSubscriptions(how),
    lagAll: ({ lagMs }) => double.lagAll(lagMs),
    stallReplication: () => double.stallReplication(),
    resumeReplication: () => double.resumeReplication(),
    loseTail: () => ({ lost: double.loseTail() }),
    copy: () => ({ copy: copies.push(double.copy()) - 1 }),
    restore: async (ask) => {
      const copy = copies[ask.copy];
      if (!copy) throw new Error(`no copy ${ask.copy}`);
      await double.restore(copy);
    },
    clockOffset: ({ offsetMs }) => void (double.clockOffsetMs = offsetMs),
    inject: ({ stream, events }) => double.inject(stream, ...events),
    calls: () => ({ ...double.calls.counts }),
    resetCalls: () => double.calls.reset(),
    events: () =>
      double.events().map(({ stream, revision, position, id, type, data, metadata }) => {
        const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
        return { stream, revision, position, id, type, data: text(data), metadata: text(metadata) };
      }),
  };
}

function withPattern<Json extends { readonly stream?: string; readonly streamPattern?: string }>({
  streamPattern,
  ...programme
}: Json) {
  return streamPattern === undefined
    ? programme
    : { ...programme, stream: new RegExp(streamPattern, 'u') };
}

/** Serves the commands on 127.0.0.1; resolves with the port. */
export async function serveControl(
  double: EventStoreDouble,
  port: number,
): Promise<{ readonly server: Server; readonly port: number }> {
  const commands = commandsOn(double) as unknown as Readonly<
    Record<string, (ask: unknown) => unknown>
  >; // looked up by a name from outside
  const server = createServer((request, response) => {
    void (async () => {
      const name = request.url?.slice(1) ?? '';
      const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
      if (request.method !== 'POST' || !command) return response.writeHead(404).end();
      try {
        const answer = await command(await bodyOf(request));
        return response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify(answer ?? null));
      } catch (error) {
        return response.writeHead(400).end(error instanceof Error ? error.message : String(error));
      }
    })();
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  return { server, port: typeof address === 'object' && address ? address.port : port };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  // no encoding is set, so a request gives buffers
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? {} : JSON.parse(text);
}
