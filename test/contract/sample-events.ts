import {
  type CommandId,
  commandId,
  eventId,
  type StreamName,
  streamName,
} from '../../libs/domain/shared/ids.js';
import type {
  Append,
  EventLog,
  Guard,
  LoggedEvent,
  NewEvent,
  Page,
} from '../../libs/event-log/event-log.js';

/** Ids that are readable in a failure and the same in every run. */
const uuid = (kind: string, number: number): string =>
  `${kind}-0000-4000-8000-${String(number).padStart(12, '0')}`;
export const command = (number: number): CommandId => commandId(uuid('cccccccc', number));

let counted = 0;
/** A command that no other test has used. */
export const nextCommand = (): CommandId => command(++counted);

export const stream = (name: string): StreamName => streamName(name);

export interface SampleEvent {
  readonly type?: string;
  readonly data?: unknown;
  readonly version?: number;
}

/** The id depends on the command and the event's place, type and data, like real ids. */
export function newEvents(
  of: CommandId,
  events: readonly SampleEvent[],
  firstIndex = 0,
): readonly NewEvent[] {
  return events.map(({ type = 'SampleHappened', data = { n: 1 }, version = 1 }, place) => {
    const index = firstIndex + place;
    const digest = digestOf(
      `${of}${index}${type}${JSON.stringify(data, (_, value: unknown) => (typeof value === 'bigint' ? 'big' : value))}`,
    );
    const metadata = { commandId: of, index, actor: 'key:test', correlationId: of };
    return { id: eventId(`eeeeeeee-0000-4000-8000-${digest}`), type, version, data, metadata };
  });
}

const digestOf = (text: string): string => {
  let [high, low] = [7, 11];
  for (const character of text) {
    high = (high * 31 + (character.codePointAt(0) ?? 0)) % 0xffffff;
    low = (low * 37 + (character.codePointAt(0) ?? 0)) % 0xffffff;
  }
  return high.toString(16).padStart(6, '0') + low.toString(16).padStart(6, '0');
};

export interface SampleAppend {
  readonly events?: readonly SampleEvent[];
  readonly command?: CommandId;
  readonly guards?: readonly Guard[];
  readonly firstIndex?: number;
}

export function appendOf(
  name: string,
  expectedRevision: number,
  options: SampleAppend = {},
): Append {
  const { events = [{}], command: of = nextCommand(), guards, firstIndex } = options;
  return {
    stream: stream(name),
    expectedRevision,
    events: newEvents(of, events, firstIndex),
    ...(guards && { guards }),
  };
}

/** Appends `count` events to one stream, a few hundred an append. */
export async function fill(
  log: EventLog,
  name: string,
  count: number,
  type = 'SampleHappened',
): Promise<void> {
  let revision = await log.revisionOf(stream(name));
  for (let left = count; left > 0; left -= 300) {
    const events = Array.from({ length: Math.min(left, 300) }, (_, place) => ({
      type,
      data: { n: revision + 1 + place },
    }));
    const { events: appended } = await log.append(appendOf(name, revision, { events }));
    revision = appended.at(-1)!.revision;
  }
}

export async function collect(
  pages: AsyncIterable<readonly LoggedEvent[]>,
): Promise<LoggedEvent[]> {
  const events: LoggedEvent[] = [];
  for await (const page of pages) events.push(...page);
  return events;
}

export async function collectPages(
  pages: AsyncIterable<Page>,
): Promise<{ events: LoggedEvent[]; through: number; largest: number }> {
  const events: LoggedEvent[] = [];
  let [through, largest] = [-2, 0];
  for await (const page of pages) {
    events.push(...page.events);
    largest = Math.max(largest, page.events.length);
    through = page.through;
  }
  return { events, through, largest };
}

export const all = async (log: EventLog): Promise<LoggedEvent[]> =>
  (await collectPages(log.readAll({ after: -1 }))).events;

/** Follows a subscription until `enough` returns true, then ends it. */
export async function followUntil(
  log: Pick<EventLog, 'subscribe'>,
  options: { readonly after: number; readonly types?: readonly string[] },
  enough: (events: readonly LoggedEvent[], through: number) => boolean,
): Promise<LoggedEvent[]> {
  const abort = new AbortController();
  const events: LoggedEvent[] = [];
  for await (const page of log.subscribe({ ...options, signal: abort.signal })) {
    events.push(...page.events);
    if (enough(events, page.through)) abort.abort();
  }
  return events;
}

/** The result of each of many appends. */
export async function settle(
  appends: readonly Promise<unknown>[],
): Promise<{ fulfilled: number; errors: string[] }> {
  const outcomes = await Promise.allSettled(appends);
  const errors = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [(outcome.reason as Error).name] : [],
  );
  return { fulfilled: outcomes.length - errors.length, errors };
}
