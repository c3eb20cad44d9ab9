import { modelOn, type Partner } from '../../domain/partner/partner.js';
import type { PublishedPolicy } from '../../domain/program/program.js';
import { holdsOn } from '../../domain/shared/dated-fact.js';
import type { PartnerId } from '../../domain/shared/ids.js';
import type { PartyNames } from './party-names.js';
import type { ReportColumn, ReportQuery, ReportRow } from './report.js';

/** The first columns of a row about a partner. */
export const partnerColumns: readonly ReportColumn[] = [
  { name: 'partnerId', type: 'text', description: 'The partner' },
  {
    name: 'partnerName',
    type: 'text',
    nullable: true,
    description: 'The partner’s legal name as known at knownAt',
  },
  { name: 'model', type: 'text', nullable: true, description: 'The partner’s model on asOf' },
];

export const partnerCells = (
  partner: Partner,
  names: PartyNames,
  { asOf }: ReportQuery,
): ReportRow => ({
  partnerId: partner.partnerId,
  partnerName: names.partner(partner.partnerId),
  model: modelOn(partner, asOf) ?? null,
});

export const policyVersionColumn: ReportColumn = {
  name: 'policyVersion',
  type: 'text',
  description: 'The policy in force on asOf, as known at knownAt',
};
export const policyVersionOf = ({ effectiveFrom, proof }: PublishedPolicy): string =>
  `${effectiveFrom}@${proof.revision}`;

/**
 * The partners whose rows are wanted: those of the key's scope, and the requested one. Undefined if
 * all are wanted.
 */
export function wantedPartners({
  scope,
  partnerId,
}: ReportQuery): readonly PartnerId[] | undefined {
  if (partnerId === undefined) return scope;
  return scope === undefined || scope.includes(partnerId) ? [partnerId] : [];
}

/**
 * Whether the partner has a relationship with the requested provider on `asOf`. True if no provider
 * is requested.
 */
export const buysThrough = ({ facts }: Partner, { providerId, asOf }: ReportQuery): boolean =>
  providerId === undefined ||
  facts.providerRelationship.some(
    (fact) => fact.value.providerId === providerId && holdsOn(fact, asOf),
  );
