import type { EventPage, LogEvent, Loose, Page } from '../../support/answers.js';
import { request } from '../load/send.js';
import type { ServiceMember } from '../deployment/services.js';
import type { ServiceEvidence } from './evidence.js';

const READS_WITHIN_MS = 120_000;

/** Reads the log and the read models from one process, its lists at the log's last position. */
export async function serviceEvidence(
  { member, url }: ServiceMember,
  way: 'pages' | 'stream',
): Promise<ServiceEvidence> {
  const log = way === 'pages' ? await pagesOfLog(url) : await streamOfLog(url);
  const head = log.at(-1)?.position ?? '0';
  return {
    process: member.name,
    log,
    orders: await list(url, 'orders', head),
    customers: await list(url, 'customers', head),
    partners: await list(url, 'partners', head),
    projections: (await read<Page>(`${url}/v1/projections?minPosition=${head}`)).items,
  };
}

async function pagesOfLog(url: string): Promise<readonly LogEvent[]> {
  const events: LogEvent[] = [];
  for (let after = ''; ;) {
    const page = await read<EventPage>(`${url}/v1/events?limit=500${after}`);
    for (const event of page.items) events.push(event);
    if (page.atHead) return events;
    after = `&after=${page.nextAfter}`;
  }
}

async function streamOfLog(url: string): Promise<readonly LogEvent[]> {
  const { status, text } = await request(
    `${url}/v1/events`,
    'auditor',
    { headers: { accept: 'application/x-ndjson' } },
    READS_WITHIN_MS,
  );
  if (status !== 200)
    throw new Error(`${url}/v1/events as a stream: ${status} ${text.slice(0, 300)}`);
  // prettier-ignore
  return text.split('\n').filter(Boolean).map((line) => JSON.parse(line) as LogEvent);
}

async function list(url: string, name: string, minPosition: string): Promise<readonly Loose[]> {
  const items: Loose[] = [];
  for (let cursor = ''; ;) {
    const page = await read<Page>(
      `${url}/v1/${name}?limit=500&minPosition=${minPosition}${cursor}`,
    );
    items.push(...page.items);
    if (page.nextCursor === null) return items;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
}

/** Read models follow the log asynchronously: repeats a read that answers 503, for a while. */
async function read<Body>(url: string): Promise<Body> {
  const deadline = Date.now() + READS_WITHIN_MS;
  for (;;) {
    const { status, text, body } = await request(url, 'auditor');
    if (status === 200) return body as Body; // the endpoint defines the body of a 200
    if (status !== 503 || Date.now() > deadline)
      throw new Error(`${url}: ${status} ${text.slice(0, 300)}`);
  }
}
