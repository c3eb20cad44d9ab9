/**
 * The server is away, overloaded or took too long. What is asked of it again later will be done;
 * connections are made anew by themselves.
 */
export class PostgresUnavailable extends Error {
  override readonly name = 'PostgresUnavailable';
}

/**
 * Waiting does not help: somebody has to change the URL, the server, or the release that is started
 * on it.
 */
export class PostgresRefused extends Error {
  override readonly name = 'PostgresRefused';
}
