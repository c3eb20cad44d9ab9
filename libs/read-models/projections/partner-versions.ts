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

/** Registration and models, which every figure about a partner begins with. */
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

/**
 * The types of events that tell of a partner's registration, its models and these kinds of facts.
 */
export const partnerTypes = (...kinds: readonly PartnerFactKind[]): readonly Type[] => [
  ...always,
  ...kinds.flatMap((kind) =>
    (['Started', 'Ended', 'Corrected'] as const).map(
      (what) => `${partnerFactNames[kind]}${what}` as const,
    ),
  ),
];

/**
 * A partner as its stream tells it, without names of people. What no event of the projection tells
 * of stays empty.
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
    // `split` made the lists, each of its own kind.
    return {
      ...initial,
      ...(registration === undefined ? {} : { registration }),
      models: lists['models'] ?? [],
      directBill: lists['directBill'] ?? [],
      facts,
    } as unknown as Partner;
  },
};

/** A signatory's name is nothing that a rule looks at: that there is one is enough. */
function withoutNames(event: PartnerEvent): PartnerEvent {
  if (event.type === 'PartnerSigningAuthorityStarted')
    return { ...event, data: { ...event.data, name: omittedSeal } };
  if (event.type === 'PartnerSigningAuthorityCorrected' && 'value' in event.data) {
    return { ...event, data: { ...event.data, value: { ...event.data.value, name: omittedSeal } } };
  }
  return event;
}
