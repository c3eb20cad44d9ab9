import { afterEach, describe, expect, it } from '@jest/globals';
import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { Connections } from './connections.js';

/** The part of a socket that the connections use. */
class FakeSocket extends EventEmitter {
  bytesRead = 0;
  /** The bytes that were passed to the socket, and those of them that are not written yet. */
  bytesWritten = 0;
  writableLength = 0;
  isDestroyed = false;
  destroy(): void {
    this.isDestroyed = true;
    this.emit('close');
  }
}

let open: Connections | undefined;
afterEach(() => open?.close());

function opened() {
  const time = { nowMs: 0 };
  const ended: string[] = [];
  const server = new EventEmitter();
  const settings = {
    maxConnections: 7,
    stalledClientMs: 60_000,
    uploadFloor: { bytes: 1000, windowMs: 60_000 },
  };
  const connections = new Connections(settings, {
    nowMs: () => time.nowMs,
    onDisconnected: (why) => ended.push(why),
  });
  open = connections;
  // The code uses only events and `maxConnections` of the server, and of a socket only the members
  // of the class above.
  connections.watch(server as unknown as Server);
  const socket = new FakeSocket();
  server.emit('connection', socket as unknown as Socket);
  const after = (ms: number, change: () => void = () => undefined): void => {
    change();
    for (const end = time.nowMs + ms; time.nowMs < end;) {
      time.nowMs += Math.min(5_000, end - time.nowMs);
      connections.look();
    }
  };
  return { connections, server, socket, ended, after };
}

describe('a connection', () => {
  it('counts against a maximum', () => {
    const { connections, server, socket } = opened();
    expect([Reflect.get(server, 'maxConnections'), connections.count]).toEqual([7, 1]);
    socket.destroy();
    expect(connections.count).toBe(0);
  });

  it('stays open while nothing is ready for its client, however long', () => {
    const { socket, after } = opened();
    after(3_600_000, () => (socket.bytesWritten = 500));
    expect(socket.isDestroyed).toBe(false);
  });

  it('is ended if its client reads nothing for a minute', () => {
    const { socket, after, ended } = opened();
    after(60_000, () => Object.assign(socket, { bytesWritten: 5000, writableLength: 4000 }));
    expect(socket.isDestroyed).toBe(false);
    after(5_000);
    expect([socket.isDestroyed, ended]).toEqual([true, ['stalled']]);
  });

  it('stays open while its client reads something each minute, even if more is always waiting', () => {
    const { socket, after } = opened();
    for (let minute = 0; minute < 10; minute++)
      after(55_000, () =>
        Object.assign(socket, {
          bytesWritten: 5000 + 1010 * minute,
          writableLength: 4000 + 1000 * minute,
        }),
      );
    expect(socket.isDestroyed).toBe(false);
    // More data is written, but the client reads nothing.
    after(70_000, () =>
      Object.assign(socket, {
        bytesWritten: socket.bytesWritten + 100,
        writableLength: socket.writableLength + 100,
      }),
    );
    expect(socket.isDestroyed).toBe(true);
  });
});

describe('a body that the server reads completely', () => {
  const expectBody = () => {
    const it = opened();
    const request = { socket: it.socket, complete: false, destroyed: false };
    let givenUp = 0;
    // The code uses only these members of a request.
    it.connections.expectBody(request as unknown as IncomingMessage, () => (givenUp += 1));
    return { ...it, request, givenUp: () => givenUp };
  };

  it.each([
    [1000, 0],
    [999, 1],
    [0, 1],
  ])('is abandoned at %d bytes a minute: %d times', (bytes, times) => {
    const { socket, after, givenUp, ended } = expectBody();
    after(60_000, () => (socket.bytesRead = bytes));
    expect([givenUp(), ended.length]).toEqual([times, times]);
    after(120_000);
    expect(givenUp()).toBe(1);
  });

  it('is not abandoned once it has arrived', () => {
    const { request, after, givenUp } = expectBody();
    after(600_000, () => (request.complete = true));
    expect(givenUp()).toBe(0);
  });
});
