import { afterEach, beforeEach, describe } from '@jest/globals';
import type { EventLog } from '../../libs/event-log/event-log.js';
import { appendChapter } from './event-log/append.chapter.js';
import { claimChapter } from './event-log/claim.chapter.js';
import { commandChapter } from './event-log/command.chapter.js';
import { failureChapter } from './event-log/failure.chapter.js';
import { guardChapter } from './event-log/guard.chapter.js';
import { modelChapter } from './event-log/model.chapter.js';
import { readChapter } from './event-log/read.chapter.js';
import { secondProcessChapter } from './event-log/second-process.chapter.js';
import { subscriptionChapter } from './event-log/subscription.chapter.js';
import { timeChapter } from './event-log/time.chapter.js';
import { unfitChapter } from './event-log/unfit.chapter.js';

/**
 * Where the fault is: at the event of this type, at the commit, or after the commit, which took
 * effect but returned no answer.
 */
export type FaultPlace = { readonly atType: string } | 'at-commit' | 'after-commit';

export interface LogUnderTest {
  readonly log: EventLog;
  /** Another process's view of the same log, where it is `shared`. */
  readonly openSecond?: () => Promise<EventLog>;
  /** If it `canFail`: the log's next commits fail until repaired. */
  readonly fail?: (where: FaultPlace) => { readonly repair: () => void };
  readonly dispose: () => Promise<void>;
}
export type MakeLog = (clock: () => number) => Promise<LogUnderTest>;

/** Which chapters of the contract apply. */
export interface LogTraits {
  readonly guards: 'atomic' | 'none';
  /** Several processes can use one log. A second connection stands in for a second process. */
  readonly shared?: boolean;
  /** The test can make its commits fail. */
  readonly canFail?: boolean;
  /**
   * The store is on another machine and takes appends concurrently: those to one stream in the
   * order given, those to several streams in the order of arrival. Another process's appends arrive
   * a moment later.
   */
  readonly remote?: boolean;
  /** Calls fail at random. Test data is small: size is tested without faults. */
  readonly faulty?: boolean;
}

/** What a chapter works with: each test gets a new log, whose clock the test sets. */
export interface Bench extends LogTraits {
  readonly log: EventLog;
  readonly tested: LogUnderTest;
  nowMs: number;
}

/** The contract of every event log. */
export function eventLogContract(name: string, traits: LogTraits, makeLog: MakeLog): void {
  describe(`the event log contract: ${name}`, () => {
    let tested: LogUnderTest;
    const bench: Bench = {
      ...traits,
      nowMs: 0,
      get log() {
        return tested.log;
      },
      get tested() {
        return tested;
      },
    };

    beforeEach(async () => {
      bench.nowMs = Date.parse('2026-11-22T10:00:00.000Z');
      tested = await makeLog(() => bench.nowMs);
    });
    afterEach(() => tested.dispose());

    appendChapter(bench);
    commandChapter(bench);
    claimChapter(bench);
    guardChapter(bench);
    unfitChapter(bench);
    readChapter(bench);
    timeChapter(bench);
    subscriptionChapter(bench);
    secondProcessChapter(bench);
    failureChapter(bench);
    modelChapter(bench, makeLog);
  });
}
