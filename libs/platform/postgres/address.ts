import { PostgresRefused } from './errors.js';

/** Where the server is, as messages may show it: host, port and database, never user or password. */
export function addressOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !['postgres:', 'postgresql:'].includes(parsed.protocol)) {
    throw new PostgresRefused('POSTGRES_URL is not a usable URL. It looks like this: postgres://user:password@host:5432/database');
  }
  const host = parsed.searchParams.get('host') ?? (parsed.hostname || 'localhost');
  return `${host}:${parsed.port || '5432'}${decodeURIComponent(parsed.pathname)}`;
}
