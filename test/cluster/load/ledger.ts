import { type Asked, type Command, isDone, type Try } from './command.js';

/** A read of an order after its 201, whose right result is known. */
export interface OrderRead {
  readonly process: string;
  readonly orderId: string;
  /** The 201's position was sent along. */
  readonly withPosition: boolean;
  readonly atMs: number;
  readonly httpStatus: number;
  /** As the order's view has it. */
  readonly orderStatus?: string;
  readonly text?: string;
}

/** All that was asked and answered, and who served when. */
export class Ledger {
  readonly asked: Asked[] = [];
  readonly reads: OrderRead[] = [];
  /** When commands were done, ascending. */
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

  /** Whether this life of a process has done a command that was sent to it after this instant. */
  hasServedSince(process: string, life: number, atMs: number): boolean {
    return (this.lastSent.get(lifeName(process, life)) ?? 0) > atMs;
  }
}

const lifeName = (process: string, life: number): string => `${process}#${life}`;
