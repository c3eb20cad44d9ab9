import { randomUUID } from 'node:crypto';
import type { RecordedRevenue, RevenueRow } from '../../libs/domain/qualification/revenue.js';
import { addDays, daysBetween, monthOf } from '../../libs/domain/shared/calendar.js';
import {
  commandId,
  eventId,
  importId,
  type PartnerId,
  type StreamName,
  tenantId,
} from '../../libs/domain/shared/ids.js';
import { importStream, revenueStream } from '../../libs/domain/shared/streams.js';
import type { EventLog, NewEvent } from '../../libs/event-log/event-log.js';
import { revenueIdOf } from '../../libs/event-log/identity.js';
import { seeded } from './world/random.js';

const FIRST_DAY = '2021-11-23';
export const LAST_DAY = '2026-11-22';
const DAYS = daysBetween(FIRST_DAY, LAST_DAY) + 1;
const CHUNK_BYTES = 256 * 1024;
const EVENTS_AN_APPEND = 3;
const FAMILIES = [
  'cloud',
  'cloud',
  'cloud',
  'cloud',
  'perpetual-software',
  'partner-owned',
] as const;
const MODELS = [
  'indirect-reseller',
  'indirect-reseller',
  'indirect-reseller',
  'direct-bill',
] as const;

/** An import of this many entries over five years and these partners, in chunks as stored. */
export async function importRevenue(
  log: EventLog,
  partners: readonly PartnerId[],
  entries: number,
  report: (done: number) => void = () => undefined,
): Promise<void> {
  const stream = importStream(importId(randomUUID()));
  const random = seeded(entries);
  const writer = new Appender(log, stream);
  let chunk: RevenueRow[] = [];
  let bytes = 0;
  let chunks = 0;
  const endChunk = async (): Promise<void> => {
    await writer.add('ImportChunkAdded', { index: chunks, rows: chunk });
    chunks += 1;
    chunk = [];
    bytes = 0;
  };
  for (let number = 0; number < entries; number++) {
    const row = {
      row: number + 1,
      ...entryOf(partners[number % partners.length] ?? partners[0]!, 'import', number, random),
    };
    const size = JSON.stringify(row).length + 1;
    if (bytes + size > CHUNK_BYTES) await endChunk();
    chunk.push(row);
    bytes += size;
    if (number % 10_000 === 0) report(number);
  }
  await endChunk();
  await writer.add('ImportCompleted', {
    kind: 'revenue',
    chunks,
    rows: entries,
    digest: '0'.repeat(64),
  });
  await writer.flush();
}

/** Entries that a partner records one by one; each is paid. */
export async function recordRevenue(
  log: EventLog,
  partner: PartnerId,
  entries: number,
): Promise<void> {
  const writer = new Appender(log, revenueStream(partner));
  const random = seeded(entries);
  for (let number = 0; number < entries; number++) {
    const entry = entryOf(partner, 'live', number, random);
    const { revenueId, amount, usdAmount, recognizedOn } = entry;
    await writer.add('RevenueRecorded', entry);
    await writer.add('RevenuePaid', {
      revenueId,
      amount,
      usdAmount,
      paidOn: addDays(recognizedOn, 30),
    });
  }
  await writer.flush();
}

/** Appends in the order of the commands, several at a time. */
class Appender {
  private pending: NewEvent[] = [];
  private revision = -1;

  constructor(
    private readonly log: EventLog,
    private readonly stream: StreamName,
  ) {}

  async add(type: string, data: object): Promise<void> {
    this.pending.push({
      id: eventId(randomUUID()),
      type,
      version: 1,
      data,
      metadata: metadata(this.pending.length),
    });
    if (this.pending.length === EVENTS_AN_APPEND) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.pending.length === 0) return;
    const command = commandId(randomUUID());
    const events = this.pending.map((event) => ({
      ...event,
      metadata: { ...event.metadata, commandId: command },
    }));
    await this.log.append({ stream: this.stream, expectedRevision: this.revision, events });
    this.revision += events.length;
    this.pending = [];
  }
}

const metadata = (index: number): NewEvent['metadata'] => ({
  commandId: commandId(''),
  index,
  actor: 'key:bench',
  correlationId: 'bench',
});

function entryOf(
  partner: PartnerId,
  source: string,
  number: number,
  random: () => number,
): RecordedRevenue {
  const of = <Value>(values: readonly [Value, ...Value[]]): Value =>
    values[Math.floor(random() * values.length)] ?? values[0];
  const recognizedOn = addDays(FIRST_DAY, Math.floor(random() * DAYS));
  const usd = {
    amount: `${Math.floor(random() * 5_000)}.${String(Math.floor(random() * 100)).padStart(2, '0')}`,
    currency: 'USD',
  };
  const reference = `2026-${String(number).padStart(9, '0')}/${partner}`;
  return {
    revenueId: revenueIdOf(partner, source, reference),
    partnerId: partner,
    tenantId: tenantId(`aaaaaaaa-0000-4000-8000-${String(number % 5_000).padStart(12, '0')}`),
    amount: usd,
    usdAmount: usd,
    usdPerUnit: '1',
    rateMonth: monthOf(recognizedOn),
    recognizedOn,
    family: of(FAMILIES),
    soldAs: of(MODELS),
    source,
    reference,
  };
}
