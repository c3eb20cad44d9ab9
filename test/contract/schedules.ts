import { Random } from '../support/random.js';

/** A paused step, in the order of arrival. */
interface PausedStep {
  readonly label: string;
  readonly go: () => void;
}

/**
 * Iterations of the event loop without a new step before all are taken to be paused: more than any
 * wait in memory takes.
 */
const QUIET_ITERATIONS = 4;
const MAX_ITERATIONS = 20_000;

/**
 * Runs concurrent work under a schedule: each step pauses until it is chosen. The first choices are
 * given, `choose` makes the later ones; each choice is recorded with the number of ready steps.
 */
export class Schedule {
  readonly taken: { readonly chosen: number; readonly of: number; readonly label: string }[] = [];
  private readonly paused: PausedStep[] = [];
  private stirred = 0;

  constructor(
    private readonly given: readonly number[],
    private readonly choose: (of: number) => number = () => 0,
  ) {}

  /** Pauses before a step until it is chosen. */
  step(label: string): Promise<void> {
    this.stirred += 1;
    return new Promise<void>((resolve) => this.paused.push({ label, go: resolve }));
  }

  /** Drives until the work is done; whenever all steps are paused, one of them resumes. */
  async drive(work: Promise<unknown>): Promise<void> {
    let done = false;
    const end = (): void => void (done = true);
    work.then(end, end);
    for (let iteration = 0; iteration < MAX_ITERATIONS; iteration += 1) {
      await this.standstill(() => done);
      if (done && this.paused.length === 0) return;
      this.next();
    }
    throw new Error(`it did not end: ${this.story}`);
  }

  get story(): string {
    return this.taken.map(({ label }) => label).join(' → ');
  }

  private next(): void {
    const of = this.paused.length;
    if (of === 0) return;
    const chosen = Math.min(this.given[this.taken.length] ?? this.choose(of), of - 1);
    const [{ label, go } = { label: '', go: () => undefined }] = this.paused.splice(chosen, 1);
    this.taken.push({ chosen, of, label });
    go();
  }

  private async standstill(isDone: () => boolean): Promise<void> {
    for (let quiet = 0; quiet < QUIET_ITERATIONS; quiet += 1) {
      const before = this.stirred;
      await new Promise(setImmediate);
      if (this.stirred !== before) quiet = -1;
      if (isDone() && this.paused.length === 0) return;
    }
  }
}

/**
 * Runs every schedule of a small case, each from a fresh start (stateless depth-first search).
 * Returns their number.
 */
export async function everySchedule(
  run: (schedule: Schedule) => Promise<void>,
  atMost: number,
): Promise<number> {
  let given: readonly number[] | undefined = [];
  let count = 0;
  while (given) {
    if (count === atMost) throw new Error(`more than ${atMost} schedules: the case is not small`);
    const schedule = new Schedule(given);
    await runOne(run, schedule);
    count += 1;
    given = following(schedule);
  }
  return count;
}

/**
 * Runs some schedules of a case that has many, with random choices from a seed. Returns the number
 * of different ones.
 */
export async function someSchedules(
  run: (schedule: Schedule) => Promise<void>,
  { count, seed }: { readonly count: number; readonly seed: number },
): Promise<number> {
  const random = new Random(seed);
  const seen = new Set<string>();
  for (let taken = 0; taken < count; taken += 1) {
    const schedule = new Schedule([], (of) => random.below(of));
    await runOne(run, schedule);
    seen.add(String(chosenBy(schedule)));
  }
  return seen.size;
}

async function runOne(
  run: (schedule: Schedule) => Promise<void>,
  schedule: Schedule,
): Promise<void> {
  try {
    await run(schedule);
  } catch (error) {
    throw new Error(`schedule ${JSON.stringify(chosenBy(schedule))} (${schedule.story})`, {
      cause: error,
    });
  }
}

const chosenBy = ({ taken }: Schedule): readonly number[] => taken.map(({ chosen }) => chosen);

/**
 * The next schedule: the last choice that had an alternative takes the next one, and all earlier
 * choices stay.
 */
function following({ taken }: Schedule): readonly number[] | undefined {
  for (let last = taken.length - 1; last >= 0; last -= 1) {
    const { chosen, of } = taken[last]!;
    if (chosen + 1 < of)
      return [...taken.slice(0, last).map((choice) => choice.chosen), chosen + 1];
  }
  return undefined;
}
