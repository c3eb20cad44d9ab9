import {
  ChangePartner,
  RegisterPartner,
  StateSigningAuthority,
} from '../../../libs/application/partners/partner.commands.js';
import type { PartnerCommand, StatedFact } from '../../../libs/domain/partner/partner.decide.js';
import { partnerId, tenantId } from '../../../libs/domain/shared/ids.js';
import type { DemoPartner } from './partners.js';
import { type DemoStep, step } from './step.js';

/** Registers a partner and records its facts, once for all months. */
export function partnerSteps(partner: DemoPartner): readonly DemoStep[] {
  const id = partnerId(partner.partnerId);
  const {
    legalName,
    country,
    model,
    memberSince: from,
    membershipEndedOn,
    signer,
    cspTenantIds = [],
  } = partner;
  const change = (name: string, command: PartnerCommand): DemoStep =>
    step(`partner/${id}/${name}`, (context) => new ChangePartner(context, id, command));

  return [
    registration(partner),
    ...factsOf(partner).map(([name, fact]) => change(name, { type: 'start-fact', fact })),
    ...(signer
      ? [
          step(
            `partner/${id}/signer`,
            (context) =>
              new StateSigningAuthority(context, id, {
                name: signer.name,
                title: signer.title,
                from,
              }),
          ),
        ]
      : []),
    ...(membershipEndedOn === undefined
      ? []
      : [
          change('membership-end', {
            type: 'end-fact',
            kind: 'membership',
            on: membershipEndedOn,
            reason: 'not renewed',
          }),
        ]),
    ...(partner.directBillSince === undefined
      ? []
      : [
          change('direct-bill', {
            type: 'authorize-direct-bill',
            from: partner.directBillSince,
            evidence: 'Microsoft, letter of authorization',
          }),
        ]),
  ];

  function registration({ partnerId: key }: DemoPartner): DemoStep {
    return step(
      registrationKey(key),
      (context) =>
        new RegisterPartner(context, id, { legalName, country, model }, cspTenantIds.map(tenantId)),
    );
  }
}

export const registrationKey = (id: string): string => `partner/${id}`;

function factsOf(partner: DemoPartner): readonly (readonly [name: string, fact: StatedFact])[] {
  const {
    partnerId: id,
    country,
    memberSince: from,
    locations = [country],
    providerIds = [],
    supportPlan,
    service,
  } = partner;
  return [
    ['membership', { kind: 'membership', value: { from } }],
    ...locations.map(
      (place, index) =>
        [
          `location-${place}`,
          {
            kind: 'location',
            value: { partnerLocationId: `${id}-${index + 1}`, country: place, from },
          },
        ] as const,
    ),
    ...(partner.model === 'indirect-provider'
      ? [['authorization', { kind: 'providerAuthorization', value: { from } }] as const]
      : []),
    ...providerIds.map(
      (provider) =>
        [
          `provider-${provider}`,
          { kind: 'providerRelationship', value: { providerId: partnerId(provider), from } },
        ] as const,
    ),
    ...(supportPlan
      ? [['support-plan', { kind: 'supportPlan', value: { plan: supportPlan, from } }] as const]
      : []),
    ...(service ? [['service', { kind: 'service', value: { ...service, from } }] as const] : []),
  ];
}
