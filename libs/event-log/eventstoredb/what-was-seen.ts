import type { AllPosition } from './log-index.js';

/**
 * What this process has been handed over already. A leader that stood still and goes on believes for a moment that it still leads, and
 * answers reads and conflicts from its past: nothing is ever taken out of a log, so an answer that ends before what was seen is of
 * such a node, and is no answer.
 */
export interface WhatWasSeen {
  /** The last revision seen of a stream, by its name on the server; −1 where none is remembered. */
  revisionOf(serverName: string): number;
  /** How far `$all` has been handed over. */
  readonly allThrough: AllPosition | undefined;
}

/** Who looks for the first time, and has seen nothing. */
export const NOTHING_SEEN: WhatWasSeen = { revisionOf: () => -1, allThrough: undefined };

/** The node answers from its past: another one leads. */
export class StaleNode extends Error {
  override readonly name = 'StaleNode';
  constructor(what: string) {
    super(`${what} ends before what was seen of it: the node that answered no longer leads`);
  }
}
