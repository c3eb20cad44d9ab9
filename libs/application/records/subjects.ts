import { partnerId, type PartnerId, type StreamName, tenantId } from '../../domain/shared/ids.js';
import type { Recorded } from '../../domain/shared/event.js';
import type { InScope } from '../engine/commands/scope-check.js';
import type { DecisionsOptions } from '../engine/commands/decision.js';
import type { Fold } from '../engine/states/fold.js';
import { customerFold, partnerFold } from './folds.js';

/** The part of a partner's or customer's state that an erasure uses. */
interface Erasable {
  readonly erased: readonly number[];
}

export type PersonalDataErased = Recorded<
  'PersonalDataErased',
  { readonly subject: string; readonly generation: number }
>;

/** The record of the person or organisation that a personal-data key belongs to. */
export function recordOf(subject: string): {
  readonly fold: Fold<Erasable, PersonalDataErased>;
  readonly unknown: 'customer-unknown' | 'partner-unknown';
} {
  const id = subject.slice(subject.indexOf(':') + 1);
  // Both states have `erased`, and both event unions have the event. An erasure uses nothing else.
  return subject.startsWith('customer:')
    ? {
        fold: customerFold(tenantId(id)) as Fold<Erasable, PersonalDataErased>,
        unknown: 'customer-unknown',
      }
    : {
        fold: partnerFold(partnerId(id)) as Fold<Erasable, PersonalDataErased>,
        unknown: 'partner-unknown',
      };
}

/** The partner that a command is about does not depend on the state, so the state is not used. */
export const ofPartner =
  (partnerId: PartnerId): InScope<unknown> =>
  (_target, scope) =>
    scope.some((inScope) => inScope === partnerId);

/**
 * A partner's personal data concerns that partner only. A customer's concerns all partners that
 * sell to it, so its erasure needs an unscoped key.
 */
export function scopeOfSubject(subject: string): InScope<unknown> | undefined {
  return subject.startsWith('partner:')
    ? ofPartner(partnerId(subject.slice('partner:'.length)))
    : undefined;
}

/** The facts about these records that the engine needs. */
export const decisionsOptions: DecisionsOptions = {
  unknownTargetCodes: new Set([
    'partner-unknown',
    'customer-unknown',
    'order-unknown',
    'application-unknown',
    'subscription-unknown',
    'billing-entity-unknown',
    'payment-unknown',
    'invoice-unknown',
  ]),
  streamOfSubject: (subject): StreamName => recordOf(subject).fold.stream,
};
