import { createServer, type Server, type Socket } from 'node:net';
import type { ConnectionInjector } from '@grpc/grpc-js';

/**
 * The port of a node. It accepts connections for the gRPC server so that a test can refuse and cut
 * connections as a network does: it finds the connection of a call by the caller's port.
 */
export class NodePort {
  readonly #sockets = new Map<number, Socket>();
  #server: Server | undefined;
  #port: number;

  constructor(
    port: number,
    private readonly injector: () => ConnectionInjector,
  ) {
    this.#port = port;
  }

  get port(): number {
    return this.#port;
  }

  get isOpen(): boolean {
    return this.#server !== undefined;
  }

  /** Listens; after the first time always on the same port. */
  async open(): Promise<void> {
    if (this.#server) return;
    const server = createServer((socket) => this.#admit(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#server = server;
    const address = server.address();
    if (address !== null && typeof address === 'object') this.#port = address.port;
  }

  /** Stops listening and cuts every connection: from now on callers are refused. */
  async close(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const closed = new Promise((resolve) => server.close(resolve));
    this.cutAll();
    await closed;
  }

  /** Cuts the connection of the peer `host:port` that a call came from. */
  cut(peer: string): void {
    this.#sockets.get(Number(peer.slice(peer.lastIndexOf(':') + 1)))?.resetAndDestroy();
  }

  isConnected(peer: string): boolean {
    return this.#sockets.get(Number(peer.slice(peer.lastIndexOf(':') + 1)))?.destroyed === false;
  }

  cutAll(): void {
    for (const socket of this.#sockets.values()) socket.resetAndDestroy();
  }

  #admit(socket: Socket): void {
    const port = socket.remotePort;
    if (port === undefined) return void socket.destroy();
    this.#sockets.set(port, socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined); // a caller that disconnects is not a defect of the double
    socket.on('close', () => this.#sockets.delete(port));
    this.injector().injectConnection(socket);
  }
}
