/** The promises that a run checks; docs/verification.md explains each. */
export type Promised =
  | 'dense log'
  | 'one log everywhere'
  | 'nothing acknowledged lost'
  | 'answers as recorded'
  | 'nothing twice'
  | 'every order is allowed or voided'
  | 'a 201 is never voided'
  | 'decisions derive from what they name'
  | 'every outcome settled'
  | 'no answer but those expected'
  | 'read models fold the log'
  | 'orders read as answered'
  | 'serves again without a restart'
  | 'no process ends by itself'
  | 'the load could go on';

export interface Finding {
  readonly promised: Promised;
  readonly what: string;
}

/** For each promise: the number of checks, and the findings. */
export interface Verdict {
  readonly promised: Promised;
  readonly looked: number;
  readonly findings: readonly Finding[];
}

/** Collects findings and counts checks, so that a check of nothing does not count as a success. */
export class PromiseCheck {
  looked = 0;
  private readonly findings: Finding[] = [];

  constructor(private readonly promised: Promised) {}

  that(holds: boolean, what: () => string): void {
    this.looked += 1;
    if (!holds) this.findings.push({ promised: this.promised, what: what() });
  }

  get verdict(): Verdict {
    return { promised: this.promised, looked: this.looked, findings: this.findings };
  }
}
