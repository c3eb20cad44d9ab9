import type { Line } from '../report/comparison.js';
import type { Progress } from '../report/progress.js';

export interface Circumstances {
  /** Fewer and smaller rounds: for a quick look, not for a published result. */
  readonly quick: boolean;
  readonly progress: Progress;
  /** A folder that is emptied after the run. */
  readonly directory: string;
  /** A folder that is kept from run to run. */
  readonly cache: string;
  /** The project's root. */
  readonly root: string;
}

/** Measures one kind of work. Rounds of ours and of its peer alternate. */
export type Chapter = (circumstances: Circumstances) => Promise<readonly Line[]>;

export const roundsOf = ({ quick }: Pick<Circumstances, 'quick'>): number => (quick ? 3 : 5);
