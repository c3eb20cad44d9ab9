import type { Circumstances } from '../chapters/chapter.js';
import type { Server } from '../load/measured-load.js';
import { Child } from './child.js';
import { type NoPostgresHere, openPostgres } from './postgres.js';

/** An order service without a gate: NestJS and one INSERT into PostgreSQL. */
export interface PlainNest {
  readonly server: Server;
  /** The database into which it inserts. */
  readonly postgres: string;
  end(): Promise<void>;
}

export async function openPlainNest(
  circumstances: Pick<Circumstances, 'root' | 'directory'>,
): Promise<PlainNest | NoPostgresHere> {
  const postgres = await openPostgres(circumstances);
  if ('absent' in postgres) return postgres;
  try {
    const script = new URL('./plain-nest.child.js', import.meta.url);
    const child = await Child.start<{ url: string }>(script, {
      env: { BENCH_POSTGRES_URL: postgres.url },
    });
    const end = async (): Promise<void> => {
      await child.end();
      await postgres.end();
    };
    return {
      server: { url: child.ready.url, token: '', usage: () => child.ask('usage') },
      postgres: postgres.name,
      end,
    };
  } catch (error) {
    await postgres.end();
    throw error;
  }
}
