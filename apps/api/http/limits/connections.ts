import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { LimitSettings } from '../../../../libs/platform/limit-settings.js';
import type { Admission } from './admission.js';

/** The reason why the service closed a connection. */
export type Disconnected = 'stalled' | 'slow-upload';

export interface ConnectionsOptions {
  /** A clock in milliseconds that never goes back. */
  readonly nowMs?: () => number;
  readonly onDisconnected?: (why: Disconnected) => void;
  /** Called when a connection above the maximum was closed at once. */
  readonly onDropped?: () => void;
}

/** How many times the connections are checked within the shortest time limit. */
const LOOKS_A_WAIT = 12;

/** A body that the server reads completely before its route gets it. */
interface ArrivingBody {
  readonly request: IncomingMessage;
  readonly giveUp: () => void;
  sinceMs: number;
  /** The bytes of the connection that had been read by then. */
  bytes: number;
}

class Connection {
  readonly admissions = new Set<Admission>();
  body: ArrivingBody | undefined;
  private takenBytes = 0;
  private takenAtMs: number;

  constructor(
    readonly socket: Socket,
    nowMs: number,
  ) {
    this.takenAtMs = nowMs;
  }

  /**
   * For how long the client has read nothing although data is ready for it. Data in the operating
   * system's buffers counts as read.
   */
  stalledMs(nowMs: number): number {
    const { bytesWritten, writableLength } = this.socket;
    const taken = bytesWritten - writableLength;
    if (writableLength === 0 || taken !== this.takenBytes) {
      this.takenBytes = taken;
      this.takenAtMs = nowMs;
    }
    return nowMs - this.takenAtMs;
  }
}

/**
 * The connections of the server: limits their number, and how long the service waits for a client.
 */
export class Connections {
  private readonly open = new Map<Socket, Connection>();
  private readonly nowMs: () => number;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly settings: Pick<
      LimitSettings,
      'maxConnections' | 'stalledClientMs' | 'uploadFloor'
    >,
    private readonly options: ConnectionsOptions = {},
  ) {
    this.nowMs = options.nowMs ?? (() => performance.now());
    const everyMs =
      Math.min(settings.stalledClientMs, settings.uploadFloor.windowMs) / LOOKS_A_WAIT;
    this.timer = setInterval(() => this.look(), everyMs).unref();
  }

  get count(): number {
    return this.open.size;
  }

  watch(server: Server): void {
    server.maxConnections = this.settings.maxConnections;
    server.on('connection', (socket: Socket) => this.add(socket));
    server.on('drop', () => this.options.onDropped?.());
  }

  /** The admission ends when the answer has been sent or the connection is gone. */
  hold(request: IncomingMessage, response: NodeJS.EventEmitter, admission: Admission): void {
    const connection = this.open.get(request.socket);
    // The connection is gone, or the request was injected by a test.
    if (!connection) return admission.closed();
    connection.admissions.add(admission);
    response.once('close', () => {
      connection.admissions.delete(admission);
      admission.closed();
    });
  }

  /**
   * Abandons a body that the server reads completely if fewer bytes than the floor arrive within
   * the window.
   */
  expectBody(request: IncomingMessage, giveUp: () => void): void {
    const connection = this.open.get(request.socket);
    if (connection)
      connection.body = { request, giveUp, sinceMs: this.nowMs(), bytes: request.socket.bytesRead };
  }

  /** Called by the timer, and by tests. */
  look(): void {
    const nowMs = this.nowMs();
    for (const connection of this.open.values()) {
      if (connection.stalledMs(nowMs) >= this.settings.stalledClientMs) {
        this.options.onDisconnected?.('stalled');
        connection.socket.destroy();
      } else this.lookAtBody(connection, nowMs);
    }
  }

  close(): void {
    clearInterval(this.timer);
  }

  private add(socket: Socket): void {
    const connection = new Connection(socket, this.nowMs());
    this.open.set(socket, connection);
    socket.once('close', () => {
      this.open.delete(socket);
      // Answers that are queued after another answer on this connection get no close event of their
      // own.
      for (const admission of connection.admissions) admission.closed();
    });
  }

  private lookAtBody(connection: Connection, nowMs: number): void {
    const { body, socket } = connection;
    if (!body) return;
    if (body.request.complete || body.request.destroyed) {
      connection.body = undefined;
      return;
    }
    const { bytes: floor, windowMs } = this.settings.uploadFloor;
    if (nowMs - body.sinceMs < windowMs) return;
    if (socket.bytesRead - body.bytes < floor) {
      connection.body = undefined;
      this.options.onDisconnected?.('slow-upload');
      body.giveUp();
    } else {
      body.sinceMs = nowMs;
      body.bytes = socket.bytesRead;
    }
  }
}
