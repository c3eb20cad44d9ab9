import { bodyOf, Connection } from './connection.js';

/** Sends all requests, this many at a time, and expects each to succeed. */
export async function sendAll(
  url: string,
  requests: readonly string[],
  connections: number,
  report: (done: number) => void = () => undefined,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    const connection = await Connection.open(url);
    try {
      for (let text = requests[next++]; text !== undefined; text = requests[next++]) {
        const answered = await connection.send(text);
        if (answered.status >= 300)
          throw new Error(
            `${text.slice(0, text.indexOf('\r\n'))} was answered ${answered.status}: ${bodyOf(answered)}`,
          );
        report(next);
      }
    } finally {
      connection.close();
    }
  };
  await Promise.all(Array.from({ length: Math.min(connections, requests.length) }, lane));
}
