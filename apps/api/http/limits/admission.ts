import type { LimitReached } from './limit-reached.js';

interface Places {
  readonly openStream: () => LimitReached | undefined;
  readonly orderRefused: () => void;
  readonly leave: (isStream: boolean) => void;
}

/**
 * The places that a request occupies. They are free when its work is finished and its answer is
 * sent or its client is gone. So a client that disconnects early does not get a second place while
 * the service still works on its first request.
 */
export class Admission {
  private isStream = false;
  private isAnswered = false;
  private isClosed = false;
  private hasLeft = false;

  constructor(private readonly places: Places) {}

  openStream(): LimitReached | undefined {
    const reached = this.isStream ? undefined : this.places.openStream();
    this.isStream ||= !reached;
    return reached;
  }

  /** The order was refused and the refusal was recorded. */
  orderRefused(): void {
    this.places.orderRefused();
  }

  /** The answer was passed to the server. */
  answered(): void {
    this.isAnswered = true;
    this.leave();
  }

  /** The answer has been sent, or the connection is closed. */
  closed(): void {
    this.isClosed = true;
    this.leave();
  }

  private leave(): void {
    if (!this.isAnswered || !this.isClosed || this.hasLeft) return;
    this.hasLeft = true;
    this.places.leave(this.isStream);
  }
}
