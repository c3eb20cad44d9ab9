import {
  evolvePartner,
  type Partner,
  type PartnerEvent,
  type PartnerFactKind,
  partnerFactNames,
  unknownPartner,
} from '../../domain/partner/partner.js';
import { partnerId } from '../../domain/shared/ids.js';
import { omittedSeal, type Versioning } from './versions.js';

type Type = PartnerEvent['type'];

/** Registration and models, which every judgement of a partner needs. */
const always: readonly Type[] = [
  'PartnerRegistered',
  'PartnerDetailsChanged',
  'PartnerModelStarted',
];
export const directBillTypes: readonly Type[] = [
  'DirectBillAuthorizationStarted',
  'DirectBillAuthorizationRestricted',
  'DirectBillAuthorizationSuspended',
  'DirectBillAuthorizationRevoked',
  'DirectBillAuthorizationRestored',
];

/** The types of events of a partner's registration, its models and these kinds of facts. */
export const partnerTypes = (...kinds: readonly PartnerFactKind[]): readonly Type[] => [
  ...always,
  ...kinds.flatMap((kind) =>
    (['Started', 'Ended', 'Corrected'] as const).map(
      (what) => `${partnerFactNames[kind]}${what}` as const,
    ),
  ),
];

/**
 * The versions of a partner, without names of people. Facts of event types that the projection does
 * not read stay empty.
 */
export const partnerVersions: Versioning<Partner, PartnerEvent> = {
  initial: (subject) => unknownPartner(partnerId(subject)),
  evolve: (partner, event) => evolvePartner(partner, withoutNames(event)),
  split: ({ registration, models, directBill, facts }) => ({
    registration: registration ? [registration] : [],
    models,
    directBill,
    ...facts,
  }),
  join: (initial, lists) => {
    const [registration] = lists['registration'] ?? [];
    const facts = Object.fromEntries(
      Object.keys(initial.facts).map((kind) => [kind, lists[kind] ?? []]),
    );
    // `split` made the lists, each with values of its field.
    return {
      ...initial,
      ...(registration === undefined ? {} : { registration }),
      models: lists['models'] ?? [],
      directBill: lists['directBill'] ?? [],
      facts,
    } as unknown as Partner;
  },
};

/** No rule uses a signatory's name, only whether there is one. */
function withoutNames(event: PartnerEvent): PartnerEvent {
  if (event.type === 'PartnerSigningAuthorityStarted')
    return { ...event, data: { ...event.data, name: omittedSeal } };
  if (event.type === 'PartnerSigningAuthorityCorrected' && 'value' in event.data) {
    return { ...event, data: { ...event.data, value: { ...event.data.value, name: omittedSeal } } };
  }
  return event;
}
