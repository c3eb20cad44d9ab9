import { createServer, type Server, type Socket, connect } from 'node:net';
import type { AddressInfo } from 'node:net';

/**
 * A proxy that passes a limited number of bytes to a server until it is released: a stalled
 * network.
 */
export class StallingProxy {
  private leftBytes = Number.POSITIVE_INFINITY;
  private readonly waiting: (() => void)[] = [];
  private readonly sockets = new Set<Socket>();

  static async before(port: number): Promise<StallingProxy> {
    const proxy: StallingProxy = new StallingProxy(
      createServer((caller) => proxy.join(caller, connect(port, '127.0.0.1'))),
    );
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  private constructor(private readonly server: Server) {}

  get port(): number {
    // A server that listens on a port has an AddressInfo.
    return (this.server.address() as AddressInfo).port;
  }

  stallAfter(bytes: number): void {
    this.leftBytes = bytes;
  }

  goOn(): void {
    this.leftBytes = Number.POSITIVE_INFINITY;
    for (const release of this.waiting.splice(0)) release();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(caller: Socket, server: Socket): void {
    for (const socket of [caller, server]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.sockets.delete(socket));
    }
    server.pipe(caller);
    caller.on('end', () => server.end());
    caller.on('data', (bytes: Buffer) => {
      const now = bytes.subarray(0, Math.min(bytes.length, this.leftBytes));
      this.leftBytes -= now.length;
      server.write(now);
      if (now.length === bytes.length) return;
      caller.pause();
      this.waiting.push(() => {
        server.write(bytes.subarray(now.length));
        caller.resume();
      });
    });
  }
}
