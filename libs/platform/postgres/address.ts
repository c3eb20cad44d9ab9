import { PostgresRefused } from './errors.js';

const EXAMPLE = 'postgres://user:password@host:5432/database';

/** The server's address for messages: host, port and database, never user or password. */
export function addressOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !['postgres:', 'postgresql:'].includes(parsed.protocol)) {
    throw new PostgresRefused(`POSTGRES_URL is not a usable URL. It looks like this: ${EXAMPLE}`);
  }
  if (![parsed.username, parsed.password, parsed.pathname].every(isDecodable)) {
    throw new PostgresRefused(
      `POSTGRES_URL has a "%" that encodes no character. Write a "%" of a password as %25: ${EXAMPLE}`,
    );
  }
  const host = parsed.searchParams.get('host') ?? (parsed.hostname || 'localhost');
  return `${host}:${parsed.port || '5432'}${decodeURIComponent(parsed.pathname)}`;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
