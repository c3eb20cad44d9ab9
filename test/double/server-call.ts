import type { Metadata } from '@grpc/grpc-js';
import type { Call, CallName } from './calls.js';
import type { Fault } from './faults.js';
import type { Node } from './node.js';
import { type Refusal, refusals } from './refusal.js';

/** The common part of every kind of grpc-js server call. */
export interface Caller {
  readonly metadata: Metadata;
  readonly cancelled: boolean;
  getPeer(): string;
}

/** The connection of the call was cut: no answer can be sent. */
export class Cut extends Error {}

/** One call on its way through the node: counted, then delayed, refused or cut as programmed. */
export class ServerCall {
  readonly fault: Fault | undefined;
  readonly call: Call;

  constructor(
    readonly node: Node,
    readonly caller: Caller,
    name: CallName,
    stream: string,
  ) {
    const requiresLeader =
      String(caller.metadata.get('requires-leader')[0] ?? '').toLowerCase() === 'true';
    this.call = { name, stream, requiresLeader };
    node.calls.record(this.call);
    this.fault = node.faults.for(name, stream);
  }

  /** Awaited before the call takes effect. A fault after some events is left to `applyFault`. */
  async arrive(): Promise<void> {
    await this.enter();
    await this.proceed();
  }

  /**
   * The first half of arriving: the node accepts the call, and believes that it is the right node.
   */
  async enter(): Promise<void> {
    await this.node.awake();
    if (this.harmAfterEvents === 0) await this.applyFault();
    if (this.call.requiresLeader) this.#askForLeader();
  }

  /** The second half: the state of the cluster permits the call. */
  async proceed(): Promise<void> {
    const refusal = await this.node.refusalByState(this.call.name);
    if (refusal) throw refusal;
  }

  /** For a read: the number of events before its fault. */
  get harmAfterEvents(): number {
    return this.call.name.startsWith('read') ? (this.fault?.programme.afterEvents ?? 0) : 0;
  }

  /** Applies the fault that was programmed before the effect of the call. */
  applyFault(): Promise<void> {
    return this.#applyFault('before');
  }

  /** Awaited between the effect and the reply. */
  async leave(): Promise<void> {
    await this.#applyFault('after');
    await this.node.awake();
  }

  /** Cuts the caller's connection, with everything in progress on it. */
  cut(): never {
    this.node.door.cut(this.caller.getPeer());
    throw new Cut();
  }

  async #applyFault(when: 'before' | 'after'): Promise<void> {
    const harm = this.fault?.harm;
    if (!this.fault || harm?.when !== when) return;
    this.fault.strike();
    switch (harm.does) {
      case 'hold':
        await this.fault.released;
        if (this.caller.cancelled) throw new Cut();
        return;
      case 'drop':
        return this.cut();
      case 'refuse':
        throw harm.refusal ?? this.#notLeader();
    }
  }

  #notLeader(): Refusal {
    return refusals.notLeader(
      this.fault?.programme.leader ?? { host: '127.0.0.1', port: this.node.door.port },
    );
  }

  #askForLeader(): void {
    const leader = this.node.leader();
    if (leader === 'self') return;
    throw leader ? refusals.notLeader(leader) : refusals.noLeaderInfo();
  }
}
