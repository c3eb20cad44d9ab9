import { Random } from '../support/random.js';

/** What is ready to go on, in the order in which it came to stand still. */
interface Standing {
  readonly label: string;
  readonly go: () => void;
}

/**
 * Turns of the event loop without anything new before all is taken to stand still: more than any
 * wait in memory takes.
 */
const QUIET_TURNS = 4;
const TURNS_AT_MOST = 20_000;

/**
 * Runs something concurrent under a schedule: whoever comes to a step stands still there until
 * chosen. The first choices are given, the rest are made by `choose`; what was chosen from how many is
 * written down.
 */
export class Schedule {
  readonly taken: { readonly chosen: number; readonly of: number; readonly label: string }[] = [];
  private readonly standing: Standing[] = [];
  private stirred = 0;

  constructor(
    private readonly given: readonly number[],
    private readonly choose: (of: number) => number = () => 0,
  ) {}

  /** Stands still before a step until it is chosen. */
  step(label: string): Promise<void> {
    this.stirred += 1;
    return new Promise<void>((resolve) => this.standing.push({ label, go: resolve }));
  }

  /** Drives until the work is done; at every standstill one of those that are ready goes on. */
  async drive(work: Promise<unknown>): Promise<void> {
    let done = false;
    const end = (): void => void (done = true);
    work.then(end, end);
    for (let turn = 0; turn < TURNS_AT_MOST; turn += 1) {
      await this.standstill(() => done);
      if (done && this.standing.length === 0) return;
      this.next();
    }
    throw new Error(`it did not end: ${this.story}`);
  }

  get story(): string {
    return this.taken.map(({ label }) => label).join(' → ');
  }

  private next(): void {
    const of = this.standing.length;
    if (of === 0) return;
    const chosen = Math.min(this.given[this.taken.length] ?? this.choose(of), of - 1);
    const [{ label, go } = { label: '', go: () => undefined }] = this.standing.splice(chosen, 1);
    this.taken.push({ chosen, of, label });
    go();
  }

  private async standstill(isDone: () => boolean): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet += 1) {
      const before = this.stirred;
      await new Promise(setImmediate);
      if (this.stirred !== before) quiet = -1;
      if (isDone() && this.standing.length === 0) return;
    }
  }
}

/**
 * Every schedule of a small case, each from a fresh start (stateless depth-first search). Gives how
 * many there were.
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
 * Some schedules of a case that has many, with random choices from a seed. Gives how many different
 * ones there were.
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

/** The next one: the last choice that had another behind it takes that, and all before stay. */
function following({ taken }: Schedule): readonly number[] | undefined {
  for (let last = taken.length - 1; last >= 0; last -= 1) {
    const { chosen, of } = taken[last]!;
    if (chosen + 1 < of)
      return [...taken.slice(0, last).map((choice) => choice.chosen), chosen + 1];
  }
  return undefined;
}
