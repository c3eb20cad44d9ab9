import type { Agreement } from '../../customer/customer.js';
import { type AgreementVersion, isInForceOn } from '../../program/program.js';
import type { Case } from '../case/case.js';
import {
  fail,
  type Finding,
  type FindingFacts,
  notApplicable,
  pass,
  type Rule,
  rule,
} from '../case/rule.js';

/**
 * The published versions in which an agreement may be, and the facts of an agreement in another
 * one.
 */
interface VersionRule {
  readonly accepts: (
    published: AgreementVersion | undefined,
    agreement: Agreement,
    date: string,
  ) => boolean;
  readonly facts: (agreement: Agreement, published: AgreementVersion | undefined) => FindingFacts;
}

/** In force when the agreement was signed, and still accepted on the order's date. */
export const AGREEMENT_1 = agreementRule({
  accepts: (published, { signedOn }, date) =>
    published !== undefined && isInForceOn(published, signedOn) && isAccepted(published, date),
  // The texts report a version that came into force too late.
  facts: ({ version, signedOn }, published) => ({
    ...versionFacts(version, published),
    ...(published && signedOn < published.from && { signedOn, from: published.from }),
  }),
});

/** The ruleset 2026-11 chose a version by its name alone, whenever it came into force. */
export const AGREEMENT_1_OF_2026_11 = agreementRule({
  accepts: (published, _agreement, date) => published !== undefined && isAccepted(published, date),
  facts: ({ version }, published) => versionFacts(version, published),
});

function agreementRule(versions: VersionRule): Rule {
  return rule(
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
        return fail(
          'agreement-not-offered-in-market',
          { country },
          registration.proofs,
          gateCase.facts.program.agreementLocalesProof,
        );
      }
      if (agreements.length === 0) return fail('agreement-missing', { country });

      const asked: Asked = { gateCase, languages, versions };
      const valid = agreements.findLast((agreement) =>
        defects.every(({ found }) => !found(agreement, asked)),
      );
      if (valid) return pass({ signedOn: valid.signedOn, version: valid.version }, valid.proofs);

      return failures(asked);
    },
  );
}

type Defect =
  | 'agreement-not-yet-effective'
  | 'agreement-withdrawn'
  | 'agreement-version-superseded'
  | 'agreement-wrong-market';

interface Asked {
  readonly gateCase: Case;
  /** The languages in which the agreement is offered in the customer's market. */
  readonly languages: readonly string[];
  readonly versions: VersionRule;
}

/**
 * The possible defects of a recorded agreement, each with the finding that reports it, in rulebook
 * order.
 */
const defects: readonly {
  readonly found: (agreement: Agreement, asked: Asked) => boolean;
  readonly finding: (agreement: Agreement, asked: Asked) => Finding<Defect>;
}[] = [
  {
    // The customer's own date is refused only when it is later than today anywhere on earth.
    found: ({ signedOn }, { gateCase }) => signedOn > gateCase.latestDate,
    finding: ({ signedOn, proofs }) => fail('agreement-not-yet-effective', { signedOn }, proofs),
  },
  {
    found: ({ withdrawnOn }, { gateCase }) =>
      withdrawnOn !== undefined && withdrawnOn <= gateCase.date,
    finding: ({ withdrawnOn, proofs }) =>
      fail('agreement-withdrawn', withdrawnOn === undefined ? 0 : { withdrawnOn }, proofs),
  },
  {
    found: (agreement, { gateCase: { program, date }, versions }) =>
      !versions.accepts(program.agreementVersion(agreement.version), agreement, date),
    finding: (agreement, { gateCase: { program }, versions }) => {
      const published = program.agreementVersion(agreement.version);
      return fail(
        'agreement-version-superseded',
        versions.facts(agreement, published),
        agreement.proofs,
        published?.proof,
      );
    },
  },
  {
    found: ({ country, language }, { gateCase: { customer }, languages }) =>
      country !== customer.registration?.country || !languages.includes(language),
    finding: ({ country, language, proofs }, { gateCase: { customer } }) =>
      fail(
        'agreement-wrong-market',
        { agreementCountry: country, language, country: customer.registration?.country ?? '' },
        proofs,
        customer.registration?.proofs,
      ),
  },
];

/**
 * The distinct defects of all agreements; each is reported for the latest agreement that has it.
 */
function failures(asked: Asked): readonly Finding<Defect>[] {
  return defects.flatMap(({ found, finding }) => {
    const agreement = asked.gateCase.customer.agreements.findLast((signed) => found(signed, asked));
    return agreement ? [finding(agreement, asked)] : [];
  });
}

/** `acceptedUntil` is the last accepted day. */
const isAccepted = ({ acceptedUntil }: AgreementVersion, date: string): boolean =>
  acceptedUntil === undefined || date <= acceptedUntil;

const versionFacts = (version: string, published: AgreementVersion | undefined): FindingFacts =>
  published?.acceptedUntil === undefined
    ? { version }
    : { version, acceptedUntil: published.acceptedUntil };
