import { addDays, monthOf } from '../../support/calendar.js';
import { priceList } from '../../support/price-lists.js';
import type { CommandAnswer } from './command.js';
import { type Drafted, Drafts } from './commands.js';
import type { Counter } from './counter.js';
import type { Sender } from './sender.js';

/** A step of the preparation failed, so that the run cannot continue. */
export class NotDone extends Error {
  override readonly name = 'NotDone';
}

const STEADY = { ProductId: 'BASIC' };
const FLICKERING = { ProductId: 'FLICKER' };
export const offers = { steady: 'BASIC:0001', flickering: 'FLICKER:0001' } as const;

/** The partners and price lists that every history uses, and a way to send commands. */
export class Scene {
  readonly drafts: Drafts;
  readonly months: readonly string[];
  readonly provider: string;
  /** The factId of the provider's authorization. */
  authorization = '';

  constructor(
    readonly sender: Sender,
    readonly counter: Counter,
    /** A prefix that makes the ids of a run unique. */
    readonly run: string,
    readonly today: string,
  ) {
    this.drafts = new Drafts(today);
    this.months = [...new Set([today, addDays(today, 1)].map(monthOf))];
    this.provider = `provider-${run}`;
  }

  say(draft: Drafted, process: number): Promise<CommandAnswer | undefined> {
    return this.sender.settle(this.counter.number(draft), process);
  }

  /** Executes a command that the rest of the run requires. */
  async must(draft: Drafted, process: number): Promise<CommandAnswer> {
    const answer = await this.say(draft, process);
    if (answer && answer.status < 300) return answer;
    throw new NotDone(
      `${draft.kind} at ${draft.path}: ${answer ? `${answer.status} ${answer.text}` : 'no answer'}`,
    );
  }

  priceLists(which: 'steady' | 'both'): readonly Drafted[] {
    const csv = priceList('JP', 'JPY', which === 'both' ? [STEADY, FLICKERING] : [STEADY]);
    return this.months.map((month) => this.drafts.priceList(month, csv));
  }

  async prepare(): Promise<void> {
    for (const draft of this.priceLists('both')) await this.must(draft, 0);
    await this.must(this.drafts.partner(this.provider, 'indirect-provider'), 0);
    this.authorization =
      (await this.must(this.drafts.fact(this.provider, 'provider-authorization'), 0)).factId ?? '';
  }

  /** A seller with everything that SELLER-1 to SELLER-4 require. */
  async seller(partnerId: string, process: number): Promise<void> {
    const { drafts } = this;
    await this.must(drafts.partner(partnerId, 'indirect-reseller'), process);
    const facts = [
      drafts.fact(partnerId, 'memberships'),
      drafts.fact(partnerId, 'locations', {
        partnerLocationId: `${partnerId}-tokyo`,
        country: 'JP',
      }),
      drafts.fact(partnerId, 'signing-authority', { name: 'Hanako Yamada', title: 'CEO' }),
      drafts.fact(partnerId, 'provider-relationships', { providerId: this.provider }),
    ];
    await Promise.all(facts.map((draft, index) => this.must(draft, process + index)));
  }

  /** A customer that passes every rule of the gate. */
  async customer(tenantId: string, process: number): Promise<void> {
    await this.must(this.drafts.customer(tenantId), process);
    await this.must(this.drafts.sign(tenantId), process);
    await this.must(this.drafts.observe(tenantId, false), process);
  }
}
