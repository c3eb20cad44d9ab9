/** The guarantees that a run checks; docs/verification.md explains each. */
export type Guarantee =
  | 'dense log'
  | 'one log everywhere'
  | 'nothing acknowledged lost'
  | 'answers as recorded'
  | 'nothing twice'
  | 'every order is confirmed or voided'
  | 'a 201 is never voided'
  | 'decisions can be reproduced'
  | 'every outcome is known'
  | 'only expected answers'
  | 'read models equal the log'
  | 'read your writes'
  | 'recovery without a restart'
  | 'no process ends by itself'
  | 'the load was not interrupted';

export interface Finding {
  readonly guarantee: Guarantee;
  readonly what: string;
}

/** For each guarantee: the number of checks, and the findings. */
export interface Verdict {
  readonly guarantee: Guarantee;
  readonly looked: number;
  readonly findings: readonly Finding[];
}

/** Collects findings and counts checks, so that a check of nothing does not count as a success. */
export class GuaranteeCheck {
  looked = 0;
  private readonly findings: Finding[] = [];

  constructor(private readonly guarantee: Guarantee) {}

  that(holds: boolean, what: () => string): void {
    this.looked += 1;
    if (!holds) this.findings.push({ guarantee: this.guarantee, what: what() });
  }

  get verdict(): Verdict {
    return { guarantee: this.guarantee, looked: this.looked, findings: this.findings };
  }
}
