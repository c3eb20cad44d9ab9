import { createServer } from 'node:net';
import type { Random } from '../../support/random.js';

const taken = new Set<number>();

/**
 * Free ports below those that the system gives to outgoing connections: a killed process must find
 * its port free again.
 */
export async function freePort(random: Random): Promise<number> {
  for (;;) {
    const port = 20_000 + random.below(12_000);
    if (taken.has(port) || !(await isFree(port))) continue;
    taken.add(port);
    return port;
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
