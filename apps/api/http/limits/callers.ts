import type { LimitSettings } from '../../../../libs/platform/limit-settings.js';
import { Caller } from './caller.js';

/** About so many callers are remembered: those that do nothing make room. */
const MOST_REMEMBERED = 10_000;
/** How many are looked at for one that makes room. */
const LOOKED_AT = 16;

/**
 * Every caller by its name, the one that was seen longest ago first. Those under way are as many as
 * there are connections at most.
 */
export class Callers {
  private readonly byName = new Map<string, Caller>();

  constructor(
    private readonly settings: LimitSettings,
    private readonly most = MOST_REMEMBERED,
  ) {}

  get size(): number {
    return this.byName.size;
  }

  of(name: string, nowMs: number): Caller {
    const known = this.byName.get(name);
    if (known) {
      // Only where room is short does it matter who was seen last.
      if (this.byName.size * 2 > this.most) this.moveToEnd(name, known);
      return known;
    }
    if (this.byName.size >= this.most) this.makeRoom(nowMs);
    const caller = new Caller(this.settings);
    this.byName.set(name, caller);
    return caller;
  }

  private moveToEnd(name: string, caller: Caller): void {
    this.byName.delete(name);
    this.byName.set(name, caller);
  }

  /** Those of which nothing is left to know; else the idle one that was seen longest ago. */
  private makeRoom(nowMs: number): void {
    let oldestIdle: string | undefined;
    let looked = 0;
    for (const [name, caller] of this.byName) {
      if (caller.isForgettable(nowMs)) this.byName.delete(name);
      else if (caller.isIdle) oldestIdle ??= name;
      else this.moveToEnd(name, caller);
      if ((looked += 1) >= LOOKED_AT) break;
    }
    if (this.byName.size >= this.most && oldestIdle !== undefined) this.byName.delete(oldestIdle);
  }
}
