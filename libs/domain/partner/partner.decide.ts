import type { Program } from '../program/program.js';
import { firstDate } from '../shared/calendar.js';
import {
  datesFault,
  type DatedFact,
  type Dates,
  factToCorrect,
  factToEnd,
  heldFact,
} from '../shared/dated-fact.js';
import { type Proposed, unreachable } from '../shared/event.js';
import type { EventId, PartnerId, TenantId } from '../shared/ids.js';
import type { Malformed } from '../shared/malformed.js';
import { accept, refuse, type Result } from '../shared/result.js';
import {
  directBillStatusOn,
  type DirectBillStatus,
  modelOn,
  type Partner,
  type PartnerEvent,
  partnerFactNames,
  type PartnerFactKind,
  type PartnerFacts,
  type PartnerModel,
} from './partner.js';
import { placeFault, statedMarketCode } from './place.js';

/** A dated fact that a client states: its kind, its fields and its dates. */
export type StatedFact = {
  [Kind in PartnerFactKind]: { readonly kind: Kind; readonly value: PartnerFacts[Kind] & Dates };
}[PartnerFactKind];

export type PartnerCommand =
  | {
      readonly type: 'register-partner';
      readonly legalName: string;
      readonly country: string;
      /** `null` clears it; left out it is unchanged. */
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
       * For provider relationships ended by the provider's name: only that provider's facts are
       * looked at.
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
 * `malformed` is what only the record can tell to be malformed (an end before its start): the API
 * answers it 400.
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

type Decision = Result<readonly Proposed<PartnerEvent>[], PartnerRefusal>;
type Command<Type extends PartnerCommand['type']> = Extract<PartnerCommand, { type: Type }>;

/** What a command comes to: events to append, none when nothing changes, or why it is refused. */
export function decidePartner(
  command: PartnerCommand,
  partner: Partner,
  facts: PartnerDecisionFacts,
): Decision {
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

/**
 * The fact that already says what is stated: a statement that changes nothing is answered with its
 * id.
 */
export const heldPartnerFact = (
  { kind, value }: StatedFact,
  partner: Partner,
): DatedFact<object> | undefined => heldFact<object>(partner.facts[kind], value);

function register(
  command: Command<'register-partner'>,
  partner: Partner,
  facts: PartnerDecisionFacts,
): Decision {
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

function startModel({ model, from }: Command<'start-model'>, partner: Partner): Decision {
  const recorded = partner.models.findLast((entry) => entry.from === from);
  return accept(
    recorded?.model === model ? [] : [{ type: 'PartnerModelStarted', data: { model, from } }],
  );
}

function registerCspTenant(
  { tenantId }: Command<'register-csp-tenant'>,
  partner: Partner,
): Decision {
  const open = partner.cspTenants.some(
    (tenant) => tenant.tenantId === tenantId && tenant.endedOn === undefined,
  );
  return accept(open ? [] : [{ type: 'PartnerCspTenantRegistered', data: { tenantId } }]);
}

/**
 * A registration that this partner does not list may still stand at the tenant: its handler asks
 * there too.
 */
function endCspTenant(
  { tenantId, on, reason }: Command<'end-csp-tenant'>,
  partner: Partner,
): Decision {
  const last = partner.cspTenants.findLast((tenant) => tenant.tenantId === tenantId);
  if (last && last.endedOn === undefined)
    return accept([{ type: 'PartnerCspTenantEnded', data: { tenantId, on, reason } }]);
  return last?.endedOn === on ? accept([]) : refuse({ code: 'csp-tenant-not-registered' });
}

function startFact(
  fact: StatedFact,
  partner: Partner,
  { program }: PartnerDecisionFacts,
): Decision {
  const fault = datesFault(fact.value) ?? valueFault(fact, program) ?? modelFault(fact, partner);
  if (fault) return refuse(fault);
  return accept(
    heldPartnerFact(fact, partner) ? [] : [factEvent(fact.kind, 'Started', fact.value)],
  );
}

function endFact(
  { kind, on, reason, factId, providerId }: Command<'end-fact'>,
  partner: Partner,
): Decision {
  const candidates =
    kind === 'providerRelationship' && providerId !== undefined
      ? partner.facts.providerRelationship.filter(({ value }) => value.providerId === providerId)
      : partner.facts[kind];
  const ending = factToEnd(candidates, { on, factId });
  return ending.ok
    ? accept([factEvent(kind, 'Ended', { factId: ending.value, on, reason })])
    : ending;
}

function correctFact(
  { factId, reason, fact }: Command<'correct-fact'>,
  partner: Partner,
  { program }: PartnerDecisionFacts,
): Decision {
  const correction = factToCorrect<object>(partner.facts[fact.kind], factId, fact.value);
  if (!correction.ok) return correction;
  const fault = valueFault(fact, program, '/value') ?? modelFault(fact, partner);
  if (fault) return refuse(fault);
  return accept(
    correction.value === 'changes'
      ? [factEvent(fact.kind, 'Corrected', { factId, reason, value: fact.value })]
      : [],
  );
}

function retractFact(
  { factId, reason, kind }: Command<'retract-fact'>,
  partner: Partner,
): Decision {
  const retraction = factToCorrect<object>(partner.facts[kind], factId, 'retracted');
  if (!retraction.ok) return retraction;
  return accept(
    retraction.value === 'changes'
      ? [factEvent(kind, 'Corrected', { factId, reason, retracted: true })]
      : [],
  );
}

function authorizeDirectBill(
  { from, evidence }: Command<'authorize-direct-bill'>,
  partner: Partner,
): Decision {
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
): Decision {
  if (directBillStatusOn(partner, on) === undefined)
    return refuse({ code: 'direct-bill-not-authorized' });
  const { status, type } = directBillChanges[change];
  const same = partner.directBill.findLast((entry) => entry.from === on);
  return accept(same?.status === status ? [] : [{ type, data: { on, reason } }]);
}

const valueFault = (fact: StatedFact, program: Program, path = ''): PartnerRefusal | undefined =>
  fact.kind === 'location' ? placeFault(program, fact.value, path) : undefined;

/** A partner is authorized as an indirect provider from a day on which that is its model. */
const modelFault = ({ kind, value }: StatedFact, partner: Partner): PartnerRefusal | undefined =>
  kind === 'providerAuthorization' &&
  modelOn(partner, value.from ?? firstDate) !== 'indirect-provider'
    ? { code: 'not-an-indirect-provider' }
    : undefined;

// `kind` and `data` come from one stated fact, whose type ties them together; the compiler does not
// follow that through a name that is put together. The catalogue's test holds every event that is
// proposed here to its schema.
const factEvent = (
  kind: PartnerFactKind,
  step: 'Started' | 'Ended' | 'Corrected',
  data: object,
): Proposed<PartnerEvent> =>
  ({ type: `${partnerFactNames[kind]}${step}`, data }) as Proposed<PartnerEvent>;
