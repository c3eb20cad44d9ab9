import type { AllPosition } from './log-index.js';
import { FurthestSeen } from './seen-event.js';

/**
 * What this process has been handed over already. A leader that stood still and goes on believes
 * for a moment that it still leads, and answers reads and conflicts from its past: nothing is ever
 * taken out of a log, so an answer that ends before what was seen is of such a node, and is no
 * answer.
 */
export interface WhatWasSeen {
  /** The last revision seen of a stream, by its name on the server; −1 where none is remembered. */
  revisionOf(serverName: string): number;
  /** How far `$all` has been handed over. */
  readonly allThrough: AllPosition | undefined;
  /** The event furthest in the log, by whichever way it was seen. */
  readonly furthest: FurthestSeen;
  /**
   * An answer ends before what was seen, or does not fit it: somebody should look whether the log
   * is still the same.
   */
  doubt(): void;
}

/** Who looks for the first time, and has seen nothing. */
export const NOTHING_SEEN: WhatWasSeen = {
  revisionOf: () => -1,
  allThrough: undefined,
  furthest: new FurthestSeen(),
  doubt: () => undefined,
};

/** The node answers from its past: another one leads. */
export class StaleNode extends Error {
  override readonly name = 'StaleNode';
  constructor(what: string) {
    super(`${what} ends before what was seen of it: the node that answered no longer leads`);
  }
}
