import { setTimeout as delay } from 'node:timers/promises';
import { Random } from '../../support/random.js';
import type { ServiceMember } from '../deployment/services.js';
import { type Asked, type Command, isFinal, type CommandAnswer, type Try } from './command.js';
import type { Ledger } from './ledger.js';
import { send } from './send.js';

/** How long a client repeats a command whose outcome is unknown. */
const SETTLES_WITHIN_MS = 180_000;
const REPEATS_AFTER_MS = 150;
const REPEATS_AT_LATEST_AFTER_MS = 2_500;

/**
 * Sends commands, and repeats a command with the same key to any process until it has a final
 * answer.
 */
export class Sender {
  /** Every command in progress: when all have ended, nothing changes any more. */
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(
    private readonly apis: readonly ServiceMember[],
    private readonly ledger: Ledger,
  ) {}

  get processes(): number {
    return this.apis.length;
  }

  /** Repeats until the outcome is known; undefined if it never is. */
  settle(command: Command, first: number): Promise<CommandAnswer | undefined> {
    return this.tracked(this.repeat(this.ledger.open(command), first));
  }

  /**
   * Sends the same command twice, to two processes or twice to one, and repeats each until it is
   * answered.
   */
  async settleTwice(
    command: Command,
    first: number,
    second: number,
    apartMs: number,
  ): Promise<readonly (CommandAnswer | undefined)[]> {
    const asked = this.ledger.open(command);
    const later = async (): Promise<CommandAnswer | undefined> => {
      await delay(apartMs);
      return this.repeat(asked, second);
    };
    return this.tracked(Promise.all([this.repeat(asked, first), later()]));
  }

  /**
   * Sends the command to one process and resolves. An unknown outcome is settled in the background.
   */
  async probe(command: Command, process: number): Promise<void> {
    const asked = this.ledger.open(command);
    const answer = await this.tracked(this.once(asked, process));
    if (!answer || !isFinal(answer)) void this.tracked(this.repeat(asked, process + 1));
  }

  /** Sends an old key once more. */
  again(asked: Asked, process: number): Promise<CommandAnswer | undefined> {
    return this.tracked(this.repeat(asked, process));
  }

  async untilIdle(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  private tracked<Value>(work: Promise<Value>): Promise<Value> {
    this.underWay.add(work);
    const done = (): void => void this.underWay.delete(work);
    work.then(done, done);
    return work;
  }

  private async repeat(asked: Asked, first: number): Promise<CommandAnswer | undefined> {
    const random = new Random(asked.command.number * 31 + first);
    const deadline = Date.now() + SETTLES_WITHIN_MS;
    for (let turn = 0; ; turn++) {
      const answer = await this.once(asked, turn === 0 ? first : random.below(this.apis.length));
      if (answer && isFinal(answer)) return answer;
      if (Date.now() > deadline) {
        asked.unsettled = true;
        return undefined;
      }
      const atMost = Math.min(
        REPEATS_AT_LATEST_AFTER_MS,
        REPEATS_AFTER_MS * 2 ** Math.min(turn, 10),
      );
      await delay(atMost / 2 + random.below(atMost));
    }
  }

  private async once(asked: Asked, place: number): Promise<CommandAnswer | undefined> {
    const { member, url } = this.apis[place % this.apis.length]!;
    const begun = { process: member.name, life: member.life, sentAtMs: Date.now() };
    let outcome: Pick<Try, 'answer' | 'broken'>;
    try {
      outcome = { answer: await send(url, asked.command, asked.tries.length) };
    } catch (error) {
      outcome = { broken: reasonOf(error) };
    }
    this.ledger.note(asked, { ...begun, endedAtMs: Date.now(), ...outcome });
    return outcome.answer;
  }
}

/** The code of a broken connection: the innermost cause has it. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined
    ? ((error as NodeJS.ErrnoException).code ?? error.name).toString()
    : reasonOf(error.cause);
}
