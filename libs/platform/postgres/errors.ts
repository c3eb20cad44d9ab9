/**
 * The server is unavailable, overloaded or too slow. The same request may succeed later;
 * connections are made again automatically.
 */
export class PostgresUnavailable extends Error {
  override readonly name = 'PostgresUnavailable';
}

/** Trying again does not help: an operator must change the URL, the server or the release. */
export class PostgresRefused extends Error {
  override readonly name = 'PostgresRefused';
}
