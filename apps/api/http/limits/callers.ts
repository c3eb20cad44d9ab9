import { isIPv6 } from 'node:net';
import type { LimitSettings } from '../../../../libs/platform/limit-settings.js';
import { SlidingCount } from './sliding-count.js';

/** The number of callers in memory. Idle ones are removed to make room. */
const MOST_REMEMBERED = 10_000;
/** How many callers are examined to make room for one. */
const LOOKED_AT = 16;

/**
 * The callers by name, least recently seen first. There are at most as many active callers as
 * connections.
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
      // The order matters only when little room is left.
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

  /**
   * Removes callers without recent counts; if there are none, the idle caller that was seen longest
   * ago.
   */
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

/** The current and recent work of one principal, or of one address without a principal. */
export class Caller {
  inFlight = 0;
  streams = 0;
  uploads = 0;
  /** Orders that are not decided yet. Each of them may be refused. */
  ordersUnderWay = 0;
  readonly requests: SlidingCount;
  private refused: SlidingCount | undefined;
  private failed: SlidingCount | undefined;

  constructor(private readonly settings: LimitSettings) {
    this.requests = new SlidingCount(settings.requestsPerSecond, 1000, 10);
  }

  get refusedOrders(): SlidingCount {
    return (this.refused ??= new SlidingCount(this.settings.refusedOrdersPerMinute, 60_000, 60));
  }

  get unauthorized(): SlidingCount {
    return (this.failed ??= new SlidingCount(this.settings.unauthorizedPerMinute, 60_000, 60));
  }

  /** No work is in progress; only recent counts are left. */
  get isIdle(): boolean {
    return (
      this.inFlight === 0 && this.streams === 0 && this.uploads === 0 && this.ordersUnderWay === 0
    );
  }

  isForgettable(nowMs: number): boolean {
    return (
      this.isIdle &&
      this.requests.isEmpty(nowMs) &&
      (this.refused?.isEmpty(nowMs) ?? true) &&
      (this.failed?.isEmpty(nowMs) ?? true)
    );
  }
}

/**
 * The number of 16-bit groups in an IPv6 network prefix: a host with one address usually has a
 * whole /64 network.
 */
const GROUPS_OF_A_NETWORK = 4;

/** The address that an anonymous caller is counted by. */
export function callerAddress(ip: string | undefined): string {
  if (ip === undefined) return 'address:unknown';
  const [address = ''] = ip.split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) return `address:${mapped ?? address}`;
  return `address:${networkOf(address)}/64`;
}

/** RFC 4291, 2.2: `::` replaces the missing groups of zeros. */
function networkOf(address: string): string {
  const [before = '', after] = address.toLowerCase().split('::');
  const groups = before === '' ? [] : before.split(':');
  const last = after === undefined || after === '' ? [] : after.split(':');
  const missing = after === undefined ? 0 : Math.max(0, 8 - groups.length - last.length);
  const all = [...groups, ...Array.from({ length: missing }, () => '0'), ...last];
  return all
    .slice(0, GROUPS_OF_A_NETWORK)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
