import type { Program } from '../program/program.js';
import { type Proposed, unreachable } from '../shared/event.js';
import type { EventId, PartnerId, TenantId } from '../shared/ids.js';
import type { Malformed } from '../shared/malformed.js';
import { accept, refuse, type Result } from '../shared/result.js';
import {
  directBillStatusOn,
  type DirectBillStatus,
  type Partner,
  type PartnerEvent,
  type PartnerModel,
} from './partner.js';
import type { PartnerFactKind } from './partner-facts.js';
import {
  correctFact,
  endFact,
  retractFact,
  startFact,
  type StatedFact,
} from './partner-facts.decide.js';
import { placeFault, statedMarketCode } from './place.js';

export { existingPartnerFact, type StatedFact } from './partner-facts.decide.js';

export type PartnerCommand =
  | {
      readonly type: 'register-partner';
      readonly legalName: string;
      readonly country: string;
      /** `null` clears it; an absent field is unchanged. */
      readonly marketCode?: string | null;
      readonly model: PartnerModel;
    }
  | { readonly type: 'start-model'; readonly model: PartnerModel; readonly from: string }
  | { readonly type: 'register-csp-tenant'; readonly tenantId: TenantId }
  | {
      readonly type: 'end-csp-tenant';
      readonly tenantId: TenantId;
      readonly on: string;
      readonly reason: string;
    }
  | { readonly type: 'start-fact'; readonly fact: StatedFact }
  | {
      readonly type: 'end-fact';
      readonly kind: PartnerFactKind;
      readonly on: string;
      readonly reason: string;
      readonly factId?: EventId;
      /**
       * For provider relationships that are ended by the provider's id: only that provider's facts
       * are considered.
       */
      readonly providerId?: PartnerId;
    }
  | {
      readonly type: 'correct-fact';
      readonly factId: EventId;
      readonly reason: string;
      readonly fact: StatedFact;
    }
  | {
      readonly type: 'retract-fact';
      readonly factId: EventId;
      readonly reason: string;
      readonly kind: PartnerFactKind;
    }
  | { readonly type: 'authorize-direct-bill'; readonly from: string; readonly evidence: string }
  | {
      readonly type: 'change-direct-bill';
      readonly change: 'restriction' | 'suspension' | 'revocation' | 'restoration';
      readonly on: string;
      readonly reason: string;
    };

/**
 * `malformed`: a value that only the record shows to be wrong (an end before its start). The API
 * answers 400.
 */
export type PartnerRefusal =
  | { readonly code: 'partner-unknown' }
  | { readonly code: 'model-change-is-dated' }
  | { readonly code: 'country-unknown' }
  | { readonly code: 'not-an-indirect-provider' }
  | { readonly code: 'csp-tenant-not-registered' }
  | { readonly code: 'fact-unknown' }
  | { readonly code: 'fact-not-open' }
  | { readonly code: 'fact-ambiguous'; readonly factIds: readonly EventId[] }
  | { readonly code: 'direct-bill-not-authorized' }
  | Malformed;

export interface PartnerDecisionFacts {
  readonly program: Program;
  /** The UTC date. */
  readonly today: string;
  /** The date at UTC+14: no calendar date later than this is today anywhere. */
  readonly latestToday: string;
}

export type PartnerDecision = Result<readonly Proposed<PartnerEvent>[], PartnerRefusal>;
type Command<Type extends PartnerCommand['type']> = Extract<PartnerCommand, { type: Type }>;

/** Returns the events to append (none if nothing changes), or the refusal. */
export function decidePartner(
  command: PartnerCommand,
  partner: Partner,
  facts: PartnerDecisionFacts,
): PartnerDecision {
  if (command.type === 'register-partner') return register(command, partner, facts);
  if (!partner.registration) return refuse({ code: 'partner-unknown' });

  switch (command.type) {
    case 'start-model':
      return startModel(command, partner);
    case 'register-csp-tenant':
      return registerCspTenant(command, partner);
    case 'end-csp-tenant':
      return endCspTenant(command, partner);
    case 'start-fact':
      return startFact(command.fact, partner, facts);
    case 'end-fact':
      return endFact(command, partner);
    case 'correct-fact':
      return correctFact(command, partner, facts);
    case 'retract-fact':
      return retractFact(command, partner);
    case 'authorize-direct-bill':
      return authorizeDirectBill(command, partner);
    case 'change-direct-bill':
      return changeDirectBill(command, partner);
    default:
      return unreachable(command);
  }
}

function register(
  command: Command<'register-partner'>,
  partner: Partner,
  facts: PartnerDecisionFacts,
): PartnerDecision {
  const { legalName, country, marketCode, model } = command;
  const fault = placeFault(facts.program, command);
  if (fault) return refuse(fault);

  const known = partner.registration;
  if (!known) {
    const data = {
      partnerId: partner.partnerId,
      legalName,
      country,
      ...(marketCode != null && { marketCode }),
      model,
    };
    return accept([{ type: 'PartnerRegistered', data }]);
  }
  // The first model holds from the beginning; another one starts on a day (`start-model`).
  if (partner.models[0]?.model !== model) return refuse({ code: 'model-change-is-dated' });

  const stated = statedMarketCode(command, known);
  const changed = {
    ...(legalName !== known.legalName && { legalName }),
    ...(country !== known.country && { country }),
    ...(stated !== undefined && stated !== (known.marketCode ?? null) && { marketCode: stated }),
  };
  return accept(
    Object.keys(changed).length === 0 ? [] : [{ type: 'PartnerDetailsChanged', data: changed }],
  );
}

function startModel({ model, from }: Command<'start-model'>, partner: Partner): PartnerDecision {
  const recorded = partner.models.findLast((entry) => entry.from === from);
  return accept(
    recorded?.model === model ? [] : [{ type: 'PartnerModelStarted', data: { model, from } }],
  );
}

function registerCspTenant(
  { tenantId }: Command<'register-csp-tenant'>,
  partner: Partner,
): PartnerDecision {
  const open = partner.cspTenants.some(
    (tenant) => tenant.tenantId === tenantId && tenant.endedOn === undefined,
  );
  return accept(open ? [] : [{ type: 'PartnerCspTenantRegistered', data: { tenantId } }]);
}

/**
 * A registration that this partner does not list may still be in the tenant's stream: its handler
 * checks that too.
 */
function endCspTenant(
  { tenantId, on, reason }: Command<'end-csp-tenant'>,
  partner: Partner,
): PartnerDecision {
  const last = partner.cspTenants.findLast((tenant) => tenant.tenantId === tenantId);
  if (last && last.endedOn === undefined)
    return accept([{ type: 'PartnerCspTenantEnded', data: { tenantId, on, reason } }]);
  return last?.endedOn === on ? accept([]) : refuse({ code: 'csp-tenant-not-registered' });
}

function authorizeDirectBill(
  { from, evidence }: Command<'authorize-direct-bill'>,
  partner: Partner,
): PartnerDecision {
  const same = partner.directBill.findLast((entry) => entry.from === from);
  return accept(
    same?.status === 'authorized'
      ? []
      : [{ type: 'DirectBillAuthorizationStarted', data: { from, evidence } }],
  );
}

const directBillChanges = {
  restriction: { status: 'restricted', type: 'DirectBillAuthorizationRestricted' },
  suspension: { status: 'suspended', type: 'DirectBillAuthorizationSuspended' },
  revocation: { status: 'revoked', type: 'DirectBillAuthorizationRevoked' },
  restoration: { status: 'authorized', type: 'DirectBillAuthorizationRestored' },
} as const satisfies Record<
  Command<'change-direct-bill'>['change'],
  { status: DirectBillStatus; type: PartnerEvent['type'] }
>;

function changeDirectBill(
  { change, on, reason }: Command<'change-direct-bill'>,
  partner: Partner,
): PartnerDecision {
  if (directBillStatusOn(partner, on) === undefined)
    return refuse({ code: 'direct-bill-not-authorized' });
  const { status, type } = directBillChanges[change];
  const same = partner.directBill.findLast((entry) => entry.from === on);
  return accept(same?.status === status ? [] : [{ type, data: { on, reason } }]);
}
