import { type Asked, type Command, isDone, type Try } from './command.js';

/** A read of an order after its 201, with a known correct result. */
export interface OrderRead {
  readonly process: string;
  readonly orderId: string;
  /** Whether the request named the position of the 201. */
  readonly withPosition: boolean;
  readonly atMs: number;
  readonly httpStatus: number;
  /** As in the order's view. */
  readonly orderStatus?: string;
  readonly text?: string;
}

/** Every request and answer, and when each process executed commands. */
export class Ledger {
  readonly asked: Asked[] = [];
  readonly reads: OrderRead[] = [];
  /** The times of executed commands, ascending. */
  readonly servedAtMs: number[] = [];
  histories = 0;
  private readonly lastSent = new Map<string, number>();

  open(command: Command): Asked {
    const asked: Asked = { command, tries: [] };
    this.asked.push(asked);
    return asked;
  }

  note(asked: Asked, one: Try): void {
    asked.tries.push(one);
    if (!one.answer || !isDone(one.answer)) return;
    this.servedAtMs.push(one.endedAtMs);
    const life = lifeName(one.process, one.life);
    this.lastSent.set(life, Math.max(this.lastSent.get(life) ?? 0, one.sentAtMs));
  }

  /**
   * Whether this process, since its last start, has executed a command that was sent after this
   * instant.
   */
  hasServedSince(process: string, life: number, atMs: number): boolean {
    return (this.lastSent.get(lifeName(process, life)) ?? 0) > atMs;
  }
}

const lifeName = (process: string, life: number): string => `${process}#${life}`;
