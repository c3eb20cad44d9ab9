import {
  evolvePartner,
  type Partner,
  type PartnerEvent,
  type PartnerModel,
  unknownPartner,
} from '../../partner/partner.js';
import type { Proposed } from '../../shared/event.js';
import { eventId, partnerId, type PartnerId } from '../../shared/ids.js';
import { partnerStream } from '../../shared/streams.js';

export type PartnerStory = readonly (Proposed<PartnerEvent> | undefined | false)[];

/**
 * The state of a partner after these events; undefined and false ones are ignored. The n-th event
 * has the id `<partner>-<n>`.
 */
export function partnerOf(id: string, ...story: PartnerStory): Partner {
  return story
    .filter((event) => event !== undefined && event !== false)
    .reduce<Partner>(
      (partner, { type, data }, revision) => {
        const envelope = {
          id: eventId(`${id}-${revision}`),
          version: 1,
          stream: partnerStream(partnerId(id)),
          revision,
        };
        // A proposal of this union, with the envelope that a log gives it, is an event of this
        // union.
        return evolvePartner(partner, {
          ...envelope,
          type,
          data,
          recordedAt: '2026-11-22T09:00:00.000Z',
        } as unknown as PartnerEvent);
      },
      unknownPartner(partnerId(id)),
    );
}

export const registered = (
  id: string,
  model: PartnerModel,
  country = 'JP',
): Proposed<PartnerEvent> => ({
  type: 'PartnerRegistered',
  data: { partnerId: partnerId(id), legalName: id, country, model },
});
export const model = (to: PartnerModel, from: string): Proposed<PartnerEvent> => ({
  type: 'PartnerModelStarted',
  data: { model: to, from },
});

interface During {
  readonly from: string;
  readonly to?: string;
}
export const membership = (during: During): Proposed<PartnerEvent> => ({
  type: 'PartnerMembershipStarted',
  data: during,
});
export const authorization = (during: During): Proposed<PartnerEvent> => ({
  type: 'PartnerProviderAuthorizationStarted',
  data: during,
});
export const relationship = (providerId: string, during: During): Proposed<PartnerEvent> => ({
  type: 'PartnerProviderRelationshipStarted',
  data: { providerId: partnerId(providerId), ...during },
});

export const byId = (...partners: readonly Partner[]): ReadonlyMap<PartnerId, Partner> =>
  new Map(partners.map((partner) => [partner.partnerId, partner]));
