import { partnerId, tenantId } from '../../domain/shared/ids.js';
import { type InScope, ofPartner } from '../engine/commands/admission.js';
import { customerFold, type Fold, partnerFold } from '../records/folds.js';

/** What an erasure looks at of either record. */
interface Erasable {
  readonly erased: readonly number[];
}

export function recordOf(subject: string): {
  readonly fold: Fold<Erasable>;
  readonly unknown: 'customer-unknown' | 'partner-unknown';
} {
  const id = subject.slice(subject.indexOf(':') + 1);
  // Either fold's state has `erased`; the erasure looks at nothing else.
  return subject.startsWith('customer:')
    ? { fold: customerFold(tenantId(id)) as Fold<Erasable>, unknown: 'customer-unknown' }
    : { fold: partnerFold(partnerId(id)) as Fold<Erasable>, unknown: 'partner-unknown' };
}

/**
 * A partner's personal data is that partner's; a customer's concerns everybody who sells to it, and
 * wants an unscoped key.
 */
export function scopeOfSubject(subject: string): InScope<unknown> | undefined {
  return subject.startsWith('partner:') ? ofPartner(subject.slice('partner:'.length)) : undefined;
}
