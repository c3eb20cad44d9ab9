import type { Agreement } from '../../customer/customer.js';
import type { Case } from '../case.js';
import { fail, type Finding, notApplicable, pass, rule } from '../rule.js';

export const AGREEMENT_1 = rule(
  'AGREEMENT-1',
  {
    en: 'Before a CSP order is placed for a customer, that customer must have signed the Microsoft Customer Agreement, in the version for its region and language.',
    ja: '顧客の代わりに CSP プランを注文するには、事前に顧客が Microsoft 顧客契約に署名する必要があります。「地域と言語別の Microsoft 顧客契約」で自分の顧客の所在地に適用される契約を検索できます。',
  },
  (gateCase) => {
    const { registration, agreements } = gateCase.customer;
    if (!registration) return notApplicable;

    const { country } = registration;
    const languages = gateCase.program.templateLanguages(country, registration.marketCode);
    if (languages.length === 0) {
      return fail('agreement-not-offered-in-market', { country }, registration.proofs, gateCase.facts.program.agreementLocalesProof);
    }
    if (agreements.length === 0) return fail('agreement-missing', { country });

    const valid = agreements.findLast((agreement) => defects.every(({ found }) => !found(agreement, gateCase, languages)));
    if (valid) return pass({ signedOn: valid.signedOn, version: valid.version }, valid.proofs);

    return failures(gateCase, languages);
  },
);

type Defect = 'agreement-not-yet-effective' | 'agreement-withdrawn' | 'agreement-version-superseded' | 'agreement-wrong-market';

/** What can be wrong with an agreement that is on record, each with the finding that tells it, in rulebook order. */
const defects: readonly {
  readonly found: (agreement: Agreement, gateCase: Case, languages: readonly string[]) => boolean;
  readonly told: (agreement: Agreement, gateCase: Case) => Finding<Defect>;
}[] = [
  {
    // The customer's own date is refused only when it is later than today anywhere on earth.
    found: ({ signedOn }, { latestDate }) => signedOn > latestDate,
    told: ({ signedOn, proofs }) => fail('agreement-not-yet-effective', { signedOn }, proofs),
  },
  {
    found: ({ withdrawnOn }, { date }) => withdrawnOn !== undefined && withdrawnOn <= date,
    told: ({ withdrawnOn, proofs }) => fail('agreement-withdrawn', withdrawnOn === undefined ? 0 : { withdrawnOn }, proofs),
  },
  {
    found: ({ version }, gateCase) => !stillAccepted(version, gateCase),
    told: ({ version, proofs }, { program }) => {
      const published = program.agreementVersion(version);
      const facts = published?.acceptedUntil === undefined ? { version } : { version, acceptedUntil: published.acceptedUntil };
      return fail('agreement-version-superseded', facts, proofs, published?.proof);
    },
  },
  {
    found: ({ country, language }, { customer }, languages) => country !== customer.registration?.country || !languages.includes(language),
    told: ({ country, language, proofs }, { customer }) =>
      fail(
        'agreement-wrong-market',
        { agreementCountry: country, language, country: customer.registration?.country ?? '' },
        proofs,
        customer.registration?.proofs,
      ),
  },
];

/** The distinct defects of all agreements; each is told of the latest agreement that has it. */
function failures(gateCase: Case, languages: readonly string[]): readonly Finding<Defect>[] {
  return defects.flatMap(({ found, told }) => {
    const agreement = gateCase.customer.agreements.findLast((signed) => found(signed, gateCase, languages));
    return agreement ? [told(agreement, gateCase)] : [];
  });
}

/** `acceptedUntil` is the last accepted day. */
function stillAccepted(version: string, { program, date }: Case): boolean {
  const published = program.agreementVersion(version);
  return published !== undefined && (published.acceptedUntil === undefined || date <= published.acceptedUntil);
}
