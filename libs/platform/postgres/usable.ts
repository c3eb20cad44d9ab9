import { PostgresRefused } from './errors.js';

/** Names and notes use every script; a database with another encoding would reject some of them. */
export function assertHoldsEveryText(encoding: string, address: string): void {
  if (encoding === 'UTF8') return;
  throw new PostgresRefused(
    `The database at ${address} has the encoding ${encoding}. Create one with UTF8 ("createdb --encoding=UTF8 --template=template0 …").`,
  );
}
