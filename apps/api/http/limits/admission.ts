import type { LimitReached } from './limit-reached.js';

interface Places {
  readonly openStream: () => LimitReached | undefined;
  readonly orderRefused: () => void;
  readonly leave: (isStream: boolean) => void;
}

/**
 * The places that a request holds. They are free again when its work has been answered and its
 * client has gone or has the answer: a client that leaves early does not get a second place while
 * the first request is still worked on.
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

  /** The order was refused, and the refusal recorded. */
  orderRefused(): void {
    this.places.orderRefused();
  }

  /** Its answer has been handed to the server. */
  answered(): void {
    this.isAnswered = true;
    this.leave();
  }

  /** Its answer has been sent, or nobody is there any more to take it. */
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
