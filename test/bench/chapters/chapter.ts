import type { Line } from '../report/comparison.js';
import type { Progress } from '../report/progress.js';

export interface Circumstances {
  /** Few rounds and small: for a look while working, not for a figure to show. */
  readonly quick: boolean;
  readonly progress: Progress;
  /** Emptied after the run. */
  readonly directory: string;
  /** Kept from run to run. */
  readonly cache: string;
  /** The project's. */
  readonly root: string;
}

/** Measures one kind of work. Rounds of ours and of what stands beside it take turns. */
export type Chapter = (circumstances: Circumstances) => Promise<readonly Line[]>;

export const roundsOf = ({ quick }: Pick<Circumstances, 'quick'>): number => (quick ? 3 : 5);
