import type { Qualification } from '../../customer/customer.js';
import {
  type AgreementVersion,
  marketOf,
  type MarketRow,
  policyOn,
  type Program,
  type PublishedPolicy,
  templateLanguages,
} from '../../program/program.js';

/**
 * Caches what the gate asks of `program` until its state changes: every order asks the same few
 * questions, and the answers change only with an event in `program`.
 */
export class ProgramIndex {
  private readonly policies = new Map<string, PublishedPolicy>();
  private readonly markets = new Map<string, MarketRow | undefined>();
  private readonly languages = new Map<string, readonly string[]>();
  private readonly eligibility = new Map<string, readonly string[]>();
  private readonly versions = new Map<string, AgreementVersion | undefined>();

  constructor(private readonly program: Program) {}

  policyOn(date: string): PublishedPolicy {
    // An eligibility check may ask for any date: the cache of dates is bounded, separately from
    // that of the program's own keys.
    if (this.policies.size > MAX_DATES) this.policies.clear();
    return remembered(this.policies, date, () => inForce(this.program, date));
  }

  marketOf(country: string, marketCode?: string): MarketRow | undefined {
    return remembered(this.markets, keyOf(country, marketCode), () =>
      marketOf(this.program, country, marketCode),
    );
  }

  /**
   * Languages in which the agreement's template exists for a customer's market; none: it is not
   * offered there.
   */
  templateLanguages(country: string, marketCode?: string): readonly string[] {
    return remembered(this.languages, keyOf(country, marketCode), () =>
      templateLanguages(this.program, country, marketCode),
    );
  }

  agreementVersion(version: string): AgreementVersion | undefined {
    return remembered(this.versions, version, () =>
      this.program.agreementVersions.find((published) => published.version === version),
    );
  }

  /** Segments of offers that a customer with these qualifications may buy (segment matrix). */
  mayBuy(qualifications: readonly Qualification[]): readonly string[] {
    const key =
      qualifications.length > 1 ? [...qualifications].sort().join('+') : (qualifications[0] ?? '');
    return remembered(
      this.eligibility,
      key,
      () =>
        this.program.segments.find((row) => [...row.qualifications].sort().join('+') === key)
          ?.mayBuy ?? [],
    );
  }
}

const MAX_DATES = 1_000;
const indexes = new WeakMap<Program, ProgramIndex>();

export function programIndexOf(program: Program): ProgramIndex {
  let index = indexes.get(program);
  if (!index) indexes.set(program, (index = new ProgramIndex(program)));
  return index;
}

function inForce(program: Program, date: string): PublishedPolicy {
  const policy = policyOn(program, date);
  // A log begins with the default policy, in force from the first day of the calendar.
  if (!policy) throw new Error(`no policy is in force on ${date}`);
  return policy;
}

const keyOf = (country: string, marketCode?: string): string =>
  marketCode === undefined ? country : `${country}/${marketCode}`;

function remembered<Value>(memory: Map<string, Value>, key: string, find: () => Value): Value {
  const known = memory.get(key);
  // `has`: an absent value is an answer too
  if (known !== undefined || memory.has(key)) return known as Value;
  const found = find();
  memory.set(key, found);
  return found;
}
