import type { CommandId, StreamName } from '../../../domain/shared/ids.js';

/** The same Idempotency-Key came with another request. */
export class KeyReused extends Error {
  override readonly name = 'KeyReused';
}

/** A request with this Idempotency-Key is being worked on. */
export class RequestInFlight extends Error {
  override readonly name = 'RequestInFlight';
  constructor(readonly commandId: CommandId) {
    super(`command ${commandId} is in progress`);
  }
}

/** The key is limited to partners, and the command lies outside them. */
export class OutsideScope extends Error {
  override readonly name = 'OutsideScope';
}

/** The stream is not at the revision that the client named in If-Match. */
export class PreconditionFailed extends Error {
  override readonly name = 'PreconditionFailed';
  constructor(readonly revision: number) {
    super(`the present revision is ${revision}`);
  }
}

/** Others were faster every time; nothing was appended. */
export class Contention extends Error {
  override readonly name = 'Contention';
  constructor(
    readonly stream: StreamName,
    readonly attempts: number,
  ) {
    super(`${stream} or a stream that the decision read changed ${attempts} times`);
  }
}

/**
 * This process's clock is too far behind the log's last record, or too far from the log server's
 * clock, to judge anything.
 */
export class ClockBehind extends Error {
  override readonly name = 'ClockBehind';
  constructor(
    /** Negative: ahead. */
    readonly behindSeconds: number,
    than: string,
  ) {
    const away = behindSeconds < 0 ? `${-behindSeconds} s ahead of` : `${behindSeconds} s behind`;
    super(`this machine's clock is ${away} ${than}; set it (NTP) and try again`);
  }
}
