import { Random } from '../support/random.js';
import type { CallName } from './calls.js';
import { type Address, type Refusal, refusals } from './refusal.js';

/** The effect of a fault on a call, and whether before or after the call has taken effect. */
export interface Harm {
  readonly when: 'before' | 'after';
  readonly does: 'hold' | 'drop' | 'refuse';
  readonly refusal?: Refusal;
}

const harms = {
  /** The call takes effect; its reply waits until released. */
  'hold-reply': { when: 'after', does: 'hold' },
  /** The call takes effect only when released, if the caller is still connected. */
  'hold-request': { when: 'before', does: 'hold' },
  'drop-after-commit': { when: 'after', does: 'drop' },
  'drop-before-commit': { when: 'before', does: 'drop' },
  /** Without effect, as the server answers just after an election and under load. */
  'not-ready': { when: 'before', does: 'refuse', refusal: refusals.notReady() },
  'too-busy': { when: 'before', does: 'refuse', refusal: refusals.tooBusy() },
  'no-leader-info': { when: 'before', does: 'refuse', refusal: refusals.noLeaderInfo() },
  'not-leader': { when: 'before', does: 'refuse' },
  'access-denied': { when: 'before', does: 'refuse', refusal: refusals.accessDenied() },
  unavailable: { when: 'before', does: 'refuse', refusal: refusals.unavailable() },
  'unavailable-after-commit': { when: 'after', does: 'refuse', refusal: refusals.unavailable() },
  cancelled: { when: 'before', does: 'refuse', refusal: refusals.cancelled() },
  'cancelled-after-commit': { when: 'after', does: 'refuse', refusal: refusals.cancelled() },
  /** Written, but the server waited too long for its leader. */
  'deadline-exceeded': { when: 'after', does: 'refuse', refusal: refusals.deadlineExceeded() },
  /** Written, but the reply says that the server could not wait for the commit. */
  'commit-timeout': { when: 'after', does: 'refuse', refusal: refusals.commitTimeout() },
  'commit-timeout-without-effect': {
    when: 'before',
    does: 'refuse',
    refusal: refusals.commitTimeout(),
  },
  'request-cancelled-by-server': {
    when: 'after',
    does: 'refuse',
    refusal: refusals.cancelledByServer(),
  },
} as const satisfies Readonly<Record<string, Harm>>;

/** Faults of a subscription's delivery, after `afterEvents` events. */
const deliveries = [
  /** Ends with an error. */
  'subscription-error',
  /** Ends as when a server shuts down cleanly: reset, without a status. */
  'subscription-reset',
  /** Ends without an error. */
  'subscription-end',
  'subscription-connection-drop',
  /** Stays open, and delivers nothing until released: a paused node. */
  'subscription-silence',
  /** Each event is delivered twice. */
  'duplicate-delivery',
  /** A checkpoint of 2^64 − 1 follows the confirmation. */
  'impossible-checkpoint',
  /** "Caught up" comes before its events. */
  'early-caught-up',
  /** A checkpoint comes before its events. */
  'early-checkpoint',
] as const;

export type CallFault = keyof typeof harms;
export type DeliveryFault = (typeof deliveries)[number];
export type FaultKind = CallFault | DeliveryFault;

export const callFaults = Object.keys(harms) as readonly CallFault[]; // the keys of the table above
export const deliveryFaults: readonly DeliveryFault[] = deliveries;
export const isFaultKind = (kind: string): kind is FaultKind =>
  kind in harms || (deliveries as readonly string[]).includes(kind);

export interface Programme {
  /** The calls to affect; default: appends, or subscriptions to `$all` for faults of delivery. */
  readonly call?: CallName | readonly CallName[];
  /** The streams to affect, by exact name or expression; default: all. */
  readonly stream?: string | RegExp;
  /** The number of calls to affect; default: one. */
  readonly times?: number;
  /** The number of matching calls to leave alone first; default: none. */
  readonly skip?: number;
  /** For reads and subscriptions: the number of events delivered first; default: none. */
  readonly afterEvents?: number;
  /** The leader's address in "not-leader"; default: this node itself. */
  readonly leader?: Address;
}

export interface RandomProgramme {
  readonly seed: number;
  /** Share of the matching calls to affect, 0 … 1. */
  readonly share: number;
  /**
   * Share of the subscriptions to affect if there are delivery faults: subscriptions are few.
   * Default: a half.
   */
  readonly deliveryShare?: number;
  readonly kinds: readonly FaultKind[];
  readonly call?: CallName | readonly CallName[];
  readonly stream?: string | RegExp;
  /** Held calls are released after this long; default: 50 ms. */
  readonly holdMs?: number;
}

/** A programmed fault. */
export class Fault {
  #hits = 0;
  #hasStruck = false;
  #seen = 0;
  #left: number;
  #release: () => void = () => undefined;
  readonly released = new Promise<void>((resolve) => (this.#release = resolve));

  constructor(
    readonly kind: FaultKind,
    readonly programme: Programme,
    private readonly onStrike: () => void = () => undefined,
  ) {
    this.#left = programme.times ?? 1;
  }

  /** The number of calls affected. */
  get hits(): number {
    return this.#hits;
  }

  get isOver(): boolean {
    return this.#left <= 0;
  }

  get harm(): Harm | undefined {
    return this.kind in harms ? harms[this.kind as CallFault] : undefined; // just looked up
  }

  /** Records that a call was affected, which may be later than its arrival. */
  strike(): void {
    if (!this.#hasStruck) this.onStrike();
    this.#hasStruck = true;
  }

  /** Releases the calls that wait for it. */
  release(): void {
    this.#release();
  }

  /** Ends the fault for further calls; waiting calls stay waiting. */
  cancel(): void {
    this.#left = 0;
  }

  /** Whether it affects this call. Called once per call. */
  meets(name: CallName, stream: string): boolean {
    if (this.isOver || !fits(this, name, stream)) return false;
    if (this.#seen++ < (this.programme.skip ?? 0)) return false;
    this.#hits++;
    this.#left--;
    return true;
  }
}

const MILLION = 1_000_000;

const usualCall = (kind: FaultKind): CallName => (kind in harms ? 'append' : 'subscribeToAll');
const isDelivery = (kind: FaultKind): boolean => !(kind in harms);

function fits(
  { kind, programme }: { readonly kind: FaultKind; readonly programme: Programme },
  name: CallName,
  stream: string,
): boolean {
  const calls = [programme.call ?? usualCall(kind)].flat();
  if (!calls.includes(name) || (isDelivery(kind) && !name.startsWith('subscribe'))) return false;
  const pattern = programme.stream;
  return (
    pattern === undefined ||
    (typeof pattern === 'string' ? pattern === stream : pattern.test(stream))
  );
}

/** The faults of calls: one after the other as programmed, or at random from a seed. */
export class Faults {
  #programmed: Fault[] = [];
  #random: { readonly programme: RandomProgramme; readonly random: Random } | undefined;
  #randomHits = new Map<FaultKind, number>();

  add(kind: FaultKind, programme: Programme = {}): Fault {
    const fault = new Fault(kind, programme);
    this.#programmed.push(fault);
    return fault;
  }

  atRandom(programme: RandomProgramme | undefined): void {
    this.#random = programme && { programme, random: new Random(programme.seed) };
  }

  /** The number of calls that random faults affected, by kind. */
  get randomHits(): ReadonlyMap<FaultKind, number> {
    return this.#randomHits;
  }

  /** Ends all faults and releases the waiting calls. */
  clear(): void {
    for (const fault of this.#programmed) fault.release();
    this.#programmed = [];
    this.#random = undefined;
  }

  /** The fault for this call. */
  for(name: CallName, stream: string): Fault | undefined {
    const struck = this.#programmed.find((fault) => fault.meets(name, stream));
    return struck ?? this.#drawn(name, stream);
  }

  #drawn(name: CallName, stream: string): Fault | undefined {
    if (!this.#random) return undefined;
    const { programme, random } = this.#random;
    const { call, stream: pattern, share, holdMs = 50 } = programme;
    const where = { ...(call && { call }), ...(pattern && { stream: pattern }) };
    const fitting = programme.kinds.filter((kind) =>
      fits({ kind, programme: where }, name, stream),
    );
    const deliveries = fitting.filter(isDelivery);
    const isHit =
      random.below(MILLION) <
      (deliveries.length > 0 ? (programme.deliveryShare ?? 0.5) : share) * MILLION;
    if (fitting.length === 0 || !isHit) return undefined;
    const kind = random.of(deliveries.length > 0 && random.below(4) > 0 ? deliveries : fitting);
    const fault = new Fault(kind, { afterEvents: random.below(4) }, () => this.#struck(kind));
    setTimeout(() => fault.release(), holdMs).unref();
    return fault;
  }

  #struck(kind: FaultKind): void {
    this.#randomHits.set(kind, (this.#randomHits.get(kind) ?? 0) + 1);
  }
}
