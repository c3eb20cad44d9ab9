import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Program } from '../../domain/program/program.js';
import { programStream } from '../../domain/shared/streams.js';
import { EventLog, type LoggedEvent, type Position } from '../../event-log/event-log.js';
import { resolveKnownAt } from '../engine/time/known-at.js';
import { programFold } from './folds.js';
import { step } from '../engine/states/fold.js';

const STATES_AT_MOST = 64;

/**
 * The program at any position of the log. Its events are few, so all their positions are kept in
 * memory, and the states that were used last.
 */
@Injectable()
export class ProgramHistory {
  private readonly states = new LRUCache<number, Promise<Program>>({ max: STATES_AT_MOST });
  /** The position of every event of `program`, by its revision. */
  private readonly positions: Position[] = [];
  private lookedThrough: Position = -1;
  private rulesFrom: Promise<Position> | undefined;

  constructor(private readonly log: EventLog) {}

  /**
   * The position to answer a question at: the resolved `knownAt`, or by default the head that the
   * caller has seen. The first append adds the ruleset and the policy at once. A `knownAt` before
   * its end is answered as of its end, because there is no program without a ruleset and a policy.
   * Throws the errors of `resolveKnownAt`.
   */
  async resolve(knownAt: string | undefined, head?: Position): Promise<Position> {
    const resolved = await resolveKnownAt(this.log, knownAt, head);
    return knownAt === undefined ? resolved : Math.max(resolved, await this.firstRules());
  }

  async at(position: Position): Promise<Program> {
    await this.lookThrough(position);
    const revision = this.positions.findLastIndex((one) => one <= position);
    return this.states.get(revision) ?? this.remember(revision);
  }

  private remember(revision: number): Promise<Program> {
    const reading = this.read(revision);
    this.states.set(revision, reading);
    // The next call reads again.
    reading.catch(() => this.states.delete(revision));
    return reading;
  }

  /**
   * Folds from the nearest earlier state in memory, because reference data is large and seldom
   * changes.
   */
  private async read(revision: number): Promise<Program> {
    const from = Math.max(-1, ...[...this.states.keys()].filter((known) => known < revision));
    let program = (await this.states.get(from)) ?? programFold.initial;
    if (revision < 0) return program;
    for await (const page of this.log.readStream(programStream, {
      from: from + 1,
      limit: revision - from,
    })) {
      for (const event of page) program = step(programFold, program, event);
    }
    return program;
  }

  private async lookThrough(position: Position): Promise<void> {
    if (position <= this.lookedThrough) return;
    for await (const page of this.log.readStream(programStream, {
      from: this.positions.length,
      upTo: position,
    })) {
      // Another call may have added the event in the meantime.
      for (const event of page)
        if (event.revision === this.positions.length) this.positions.push(event.position);
    }
    this.lookedThrough = Math.max(this.lookedThrough, position);
  }

  private firstRules(): Promise<Position> {
    this.rulesFrom ??= endOfFirstAppend(this.log).catch((error: unknown) => {
      this.rulesFrom = undefined; // the next call reads again
      throw error;
    });
    return this.rulesFrom;
  }
}

/** The events of one append are adjacent in their stream and have the same command id. */
async function endOfFirstAppend(log: EventLog): Promise<Position> {
  let last: LoggedEvent | undefined;
  for await (const page of log.readStream(programStream)) {
    for (const event of page) {
      if (last && event.metadata.commandId !== last.metadata.commandId) return last.position;
      last = event;
    }
  }
  return last?.position ?? -1;
}
