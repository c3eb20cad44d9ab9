import pg from 'pg';
import type { IndexRow } from './evidence.js';

const REACHES_WITHIN_MS = 30_000;

/** Reads the position index once it has this many rows: rows are added after their events. */
export async function indexRows(databaseUrl: string, events: number): Promise<readonly IndexRow[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const deadline = Date.now() + REACHES_WITHIN_MS;
    for (;;) {
      const { rows } = await client.query<Record<string, string>>(
        'SELECT * FROM sekisho.log_index ORDER BY position',
      );
      if (rows.length >= events || Date.now() > deadline) return rows.map(rowOf);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  } finally {
    await client.end();
  }
}

const rowOf = (row: Readonly<Record<string, string>>): IndexRow => ({
  position: Number(row['position']),
  eventId: String(row['event_id']),
  stream: String(row['stream']),
  revision: Number(row['revision']),
  type: String(row['type']),
});
