import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandId, eventId, streamName } from '../../../libs/domain/shared/ids.js';
import type { NewEvent } from '../../../libs/event-log/event-log.js';
import { SqliteEventLog } from '../../../libs/event-log/sqlite/sqlite-event-log.js';
import { projected, startService } from '../children/service.js';
import { bodyOf, Connection } from '../load/connection.js';
import { request } from '../load/requests.js';
import type { Comparison, Round } from '../report/comparison.js';
import { counted } from '../report/progress.js';
import { tenantOf } from '../world/world.js';
import { type Circumstances, roundsOf } from './chapter.js';

const EVENTS_A_CUSTOMER = 50;
const APPENDS_AT_ONCE = 64;

/**
 * The time from the start of the process until it is ready, with a million events in the log and
 * with an empty log.
 */
export async function startChapter(circumstances: Circumstances): Promise<readonly Comparison[]> {
  const { quick, directory, cache, progress } = circumstances;
  const events = quick ? 50_000 : 1_000_000;
  const full = await filled(join(cache, `log-of-${events}`), events, progress);
  const empty = join(directory, 'start-none');
  await (await startService(empty)).end();

  const rounds: Round[] = [];
  await untilReady(full);
  for (let round = 0; round < roundsOf(circumstances); round++) {
    const measured: Round = { ours: await untilReady(full), beside: await untilReady(empty) };
    rounds.push(measured);
    progress(
      `start: round ${round + 1}: with ${events} events ${Math.round(measured.ours)} ms, with none ${Math.round(measured.beside)} ms`,
    );
  }
  const work = `start with ${events.toLocaleString('en-US')} events in the log`;
  return [
    {
      id: 'start',
      work,
      beside: 'start with none',
      unit: 'ms',
      by: 'difference',
      rounds,
      target: { atMost: 1_000 },
    },
  ];
}

async function untilReady(dataDir: string): Promise<number> {
  const began = performance.now();
  const service = await startService(dataDir);
  const connection = await Connection.open(service.url);
  const answered = await connection.send(request('GET', '/health/ready', {}));
  const ms = performance.now() - began;
  connection.close();
  await service.end();
  if (answered.status !== 200) throw new Error(`not ready: ${bodyOf(answered)}`);
  return ms;
}

/** A data directory with a filled log and read models, created once because it takes a minute. */
async function filled(
  dataDir: string,
  events: number,
  progress: Circumstances['progress'],
): Promise<string> {
  const stamp = join(dataDir, 'filled');
  if (!existsSync(stamp)) {
    rmSync(dataDir, { recursive: true, force: true });
    mkdirSync(dataDir, { recursive: true });
    await (await startService(dataDir)).end();
    await fill(dataDir, events, counted(progress, 'start: writing events', events));
  }
  // A release with other projections fills them first, which is not part of a start.
  const service = await startService(dataDir);
  await projected(
    service,
    counted((line) => progress(line), 'start: events that the projections are behind', events),
  );
  await service.end();
  writeFileSync(stamp, '');
  return dataDir;
}

async function fill(
  dataDir: string,
  events: number,
  report: (done: number) => void,
): Promise<void> {
  const log = await SqliteEventLog.open({ file: join(dataDir, 'log.db'), clock: () => Date.now() });
  const customers = events / EVENTS_A_CUSTOMER;
  try {
    for (let first = 0; first < customers; first += APPENDS_AT_ONCE) {
      const numbers = Array.from(
        { length: Math.min(APPENDS_AT_ONCE, customers - first) },
        (_, index) => first + index,
      );
      await Promise.all(
        numbers.map((customer) =>
          log.append({
            stream: streamName(`customer-${tenantOf(customer)}`),
            expectedRevision: -1,
            events: historyOf(customer),
          }),
        ),
      );
      report((first + numbers.length) * EVENTS_A_CUSTOMER);
    }
  } finally {
    await log.close();
  }
}

/** A customer and monthly checks of its tenant. */
function historyOf(customer: number): readonly NewEvent[] {
  const command = commandId(randomUUID());
  const registration = {
    tenantId: tenantOf(customer),
    legalName: `Customer ${customer} K.K.`,
    country: 'JP',
    qualifications: [],
  };
  return Array.from({ length: EVENTS_A_CUSTOMER }, (_, index): NewEvent => {
    const month = `${2020 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
    const observed = { associated: false, observedOn: `${month}-01`, source: 'monthly check' };
    const [type, data] =
      index === 0
        ? ['CustomerRegistered', registration]
        : ['TenantCspAssociationObserved', observed];
    return {
      id: eventId(randomUUID()),
      type,
      version: 1,
      data,
      metadata: { commandId: command, index, actor: 'key:bench', correlationId: command },
    };
  });
}
