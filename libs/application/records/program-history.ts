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
 * The program as it was known at any position: rare events, so that where they lie is remembered,
 * and the states last asked for.
 */
@Injectable()
export class ProgramHistory {
  private readonly states = new LRUCache<number, Promise<Program>>({ max: STATES_AT_MOST });
  /** Of every event of `program`, by its revision. */
  private readonly positions: Position[] = [];
  private lookedThrough: Position = -1;
  private rulesFrom: Promise<Position> | undefined;

  constructor(private readonly log: EventLog) {}

  /**
   * Up to where the log was known at what was asked, the head seen where nothing was. The log's
   * first append brings its ruleset and its policy, in one: it was never without them. What is
   * asked of a moment inside it or before it is judged by them, and by nothing else. Throws what
   * `resolveKnownAt` throws.
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
    // Asked again next time.
    reading.catch(() => this.states.delete(revision));
    return reading;
  }

  /** From the nearest state before it that is known: reference data is large, and rarely new. */
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
      // Two may be looking at once.
      for (const event of page)
        if (event.revision === this.positions.length) this.positions.push(event.position);
    }
    this.lookedThrough = Math.max(this.lookedThrough, position);
  }

  private firstRules(): Promise<Position> {
    this.rulesFrom ??= endOfFirstAppend(this.log).catch((error: unknown) => {
      this.rulesFrom = undefined; // asked again next time
      throw error;
    });
    return this.rulesFrom;
  }
}

/** The events of one append follow each other in their stream, under one command. */
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
