import { setTimeout as delay } from 'node:timers/promises';
import { Random } from '../../support/random.js';
import type { CommandAnswer } from './command.js';
import { LONG_AGO } from './commands.js';
import type { OrderReads } from './order-reads.js';
import { offers, type Scene } from './scene.js';

const ORDERS = 8;
const CHANGES = 3;
/** The steps of a history begin within this time, close enough to overlap. */
const WITHIN_MS = 250;

interface Cast {
  readonly seller: string;
  readonly tenants: readonly string[];
  readonly buyer: string;
}

/**
 * Sends a few orders and a few changes that affect them at the same time, in an order and to
 * processes that the seed decides.
 */
export class Histories {
  constructor(
    private readonly scene: Scene,
    private readonly reads: OrderReads,
    private readonly seed: number,
  ) {}

  async play(number: number): Promise<void> {
    const random = new Random(this.seed * 1_000_003 + number);
    const name = `${this.scene.run}-${number}`;
    const cast = {
      seller: `seller-${name}`,
      tenants: [tenantOf(random), tenantOf(random)],
      buyer: `buyer-${name}`,
    };
    const process = random.below(64);
    await Promise.all([
      this.scene.seller(cast.seller, process),
      ...cast.tenants.map((tenantId, index) => this.scene.customer(tenantId, process + index)),
    ]);
    const steps: (() => Promise<unknown>)[] = [];
    for (let order = 0; order < ORDERS; order++)
      steps.push(this.order(cast, random, `${name}-${order}`));
    for (let change = 0; change < CHANGES; change++)
      steps.splice(random.below(steps.length), 0, this.change(cast, random));
    await Promise.all(
      steps.map(async (step) => {
        await delay(random.below(WITHIN_MS));
        await step();
      }),
    );
  }

  /**
   * Places an order. Sometimes its key is sent twice at once, sometimes the order is cancelled or
   * read from another process.
   */
  private order({ seller, tenants }: Cast, random: Random, reference: string): () => Promise<void> {
    const tenantId = random.of(tenants);
    const offer = random.of([offers.steady, offers.steady, offers.steady, offers.flickering]);
    const command = this.scene.counter.number(
      this.scene.drafts.order(seller, tenantId, offer, 1 + random.below(9), reference),
    );
    const { sender } = this.scene;
    const [process, other, reader, apartMs] = [
      random.below(64),
      random.below(64),
      random.below(64),
      random.below(40),
    ];
    const [isTwice, isRead, isCancelled] = [
      random.below(4) === 0,
      random.below(3) === 0,
      random.below(10) === 0,
    ];
    return async () => {
      const answer: readonly (CommandAnswer | undefined)[] = isTwice
        ? await sender.settleTwice(command, process, other, apartMs)
        : [await sender.settle(command, process)];
      const placed = answer.find((one) => one?.status === 201);
      if (!placed?.orderId) return;
      if (isRead) await this.reads.read(placed, reader);
      if (isCancelled)
        await this.scene.say(this.scene.drafts.cancel(tenantId, placed.orderId), other);
    };
  }

  private change({ seller, tenants, buyer }: Cast, random: Random): () => Promise<unknown> {
    const { drafts } = this.scene;
    const tenantId = random.of(tenants);
    const process = random.below(64);
    const say = (draft: Parameters<Scene['say']>[0], more = 0): Promise<unknown> =>
      this.scene.say(draft, process + more);
    return random.of<() => Promise<unknown>>([
      () => say(drafts.withdraw(tenantId)),
      () =>
        say(drafts.withdraw(tenantId)).then(() => say(drafts.sign(tenantId, this.scene.today), 1)),
      () => say(drafts.observe(tenantId, true)),
      () => say(drafts.cspTenant(buyer, tenantId)),
      () =>
        say(drafts.cspTenant(buyer, tenantId)).then(() =>
          say(drafts.endCspTenant(buyer, tenantId), 1),
        ),
      () => say(drafts.endFact(seller, 'memberships')),
      () =>
        say(drafts.endFact(seller, 'memberships')).then(() =>
          say(drafts.fact(seller, 'memberships', { from: this.scene.today }), 1),
        ),
      () => say(drafts.endFact(seller, 'provider-relationships', `/${this.scene.provider}`)),
      () => say(drafts.endFact(seller, 'signing-authority')),
      () => say(drafts.close(tenantId)),
      () => say(drafts.relate(tenantId, seller)),
      () =>
        say(
          drafts.fact(seller, 'locations', {
            partnerLocationId: `${seller}-osaka`,
            country: 'JP',
            from: LONG_AGO,
          }),
        ),
    ]);
  }
}

/** A GUID from the seed: the same history has the same tenants in every run. */
function tenantOf(random: Random): string {
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => random.below(16).toString(16)).join('');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
}
