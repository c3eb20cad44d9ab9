import { setTimeout as delay } from 'node:timers/promises';
import { Random } from '../../support/random.js';
import type { ServiceMember } from '../deployment/services.js';
import { Counter } from './counter.js';
import { Histories } from './history.js';
import { Ledger } from './ledger.js';
import { OrderReads } from './order-reads.js';
import { NotDone, offers, Scene } from './scene.js';
import { Sender } from './sender.js';

const HISTORIES_AT_ONCE = 4;
const BEAT_MS = 400;
/** A change that forbids orders lasts a moment; one that allows them lasts longer. */
const FORBIDDEN_MS = 40;
const ALLOWED_MS = 1_500;

/**
 * The load: histories in a few lanes, a steady rate of orders to each process, and changes to what
 * all orders depend on.
 */
export class Load {
  readonly ledger = new Ledger();
  private readonly scene: Scene;
  private readonly sender: Sender;
  private readonly histories: Histories;
  private readonly lanes: Promise<void>[] = [];
  private readonly failures: string[] = [];
  private next = 0;
  private isOver = false;

  constructor(
    private readonly apis: readonly ServiceMember[],
    { seed, run, today }: { readonly seed: number; readonly run: string; readonly today: string },
  ) {
    this.sender = new Sender(apis, this.ledger);
    this.scene = new Scene(this.sender, new Counter(run), run, today);
    this.histories = new Histories(this.scene, new OrderReads(apis, this.ledger), seed);
  }

  async start(): Promise<void> {
    await this.scene.prepare();
    await Promise.all(this.apis.map((_api, process) => this.prepareBeat(process)));
    for (let lane = 0; lane < HISTORIES_AT_ONCE; lane++) this.lanes.push(this.playOn());
    for (let process = 0; process < this.apis.length; process++)
      this.lanes.push(this.beat(process));
    this.lanes.push(this.unrest());
  }

  /**
   * Starts nothing new and waits until every command has a final answer. Returns failures other
   * than answers.
   */
  async stop(): Promise<readonly string[]> {
    this.isOver = true;
    await Promise.all(this.lanes);
    await this.sender.untilIdle();
    return this.failures;
  }

  /** Sends old keys once more at the end. Each must get its first answer. */
  async askAgain(count: number, seed: number): Promise<void> {
    const random = new Random(seed);
    const done = this.ledger.asked.filter(({ tries }) =>
      tries.some(({ answer }) => answer && answer.status === 201),
    );
    for (let sample = 0; sample < Math.min(count, done.length); sample++)
      await this.sender.again(random.of(done), random.below(64));
  }

  private async playOn(): Promise<void> {
    while (!this.isOver) {
      try {
        await this.histories.play(this.next++);
        this.ledger.histories += 1;
      } catch (error) {
        if (!(error instanceof NotDone)) throw error;
        this.failures.push(error.message);
      }
    }
  }

  private async prepareBeat(process: number): Promise<void> {
    const { seller, tenantId } = this.beatCast(process);
    await Promise.all([this.scene.seller(seller, process), this.scene.customer(tenantId, process)]);
  }

  private beatCast(process: number): { readonly seller: string; readonly tenantId: string } {
    return { seller: `beat-${process}`, tenantId: `00000000-0000-4000-8000-00000000000${process}` };
  }

  /** Sends one order at a time to the same process, to see when that process serves. */
  private async beat(process: number): Promise<void> {
    const { seller, tenantId } = this.beatCast(process);
    for (let turn = 0; !this.isOver; turn++) {
      const draft = this.scene.drafts.order(
        seller,
        tenantId,
        offers.steady,
        1,
        `beat-${process}-${turn}`,
      );
      await this.sender.probe(this.scene.counter.number(draft), process);
      await delay(BEAT_MS);
    }
  }

  private async unrest(): Promise<void> {
    const { drafts, provider, authorization } = this.scene;
    const acts = [
      () => [drafts.policy({ customerRelationshipRequired: true })],
      () => [drafts.policy({ customerRelationshipRequired: false })],
      () => this.scene.priceLists('steady'),
      () => this.scene.priceLists('both'),
      () => [
        drafts.correctFact(provider, 'provider-authorization', authorization, { retracted: true }),
      ],
      () => [
        drafts.correctFact(provider, 'provider-authorization', authorization, {
          value: { from: '2020-01-01' },
        }),
      ],
    ];
    for (let turn = 0; !this.isOver || turn % 2 === 1; turn++) {
      for (const draft of acts[turn % acts.length]!()) await this.scene.say(draft, turn);
      await delay(turn % 2 === 0 ? FORBIDDEN_MS : ALLOWED_MS);
    }
  }
}
