import type { Proposed } from '../../shared/event.js';
import type { BalanceEntry } from '../receivables/account.js';
import type { AccountEvent, LedgerName } from './account-events.js';

/** The events that change a balance by themselves; the issue of a document is more than that. */
export type BalanceEvent = Exclude<
  AccountEvent,
  {
    readonly type:
      | 'ChargesRecorded'
      | 'ChargesBlocked'
      | 'ChargesUnblocked'
      | 'DocumentDrafted'
      | 'DocumentLinesDrafted'
      | 'InvoiceIssued'
      | 'CreditNoteIssued';
  }
>;
/** The change of the balance that an event records. */
export function accountEntryOf({ type, data }: BalanceEvent): BalanceEntry {
  switch (type) {
    case 'PaymentReceived':
      return {
        kind: 'payment-received',
        ...data,
        on: data.receivedOn,
        named: data.allocations ?? [],
      };
    case 'PaymentAllocated':
      return { kind: 'allocated', ...data };
    case 'PaymentAllocationReversed':
      return { kind: 'allocation-reversed', ...data };
    case 'PaymentReversed':
      return { kind: 'payment-reversed', ...data };
    case 'RefundPaid':
      return { kind: 'refunded', ...data };
    case 'CreditNoteApplied':
      return { kind: 'credited', ...data };
    case 'InvoiceWrittenOff':
      return { kind: 'written-off', ...data };
    case 'InvoiceWriteOffReversed':
      return { kind: 'write-off-reversed', ...data };
  }
}

/** The event that records a change of the balance. */
export function balanceEventOf(
  { entityId, currency }: LedgerName,
  entry: BalanceEntry,
): Proposed<BalanceEvent> {
  const ledger = { entityId, currency };
  switch (entry.kind) {
    case 'payment-received': {
      const { kind: _, on: receivedOn, named, ...payment } = entry;
      const allocations = named.length > 0 && { allocations: named };
      return {
        type: 'PaymentReceived',
        data: { ...ledger, ...payment, receivedOn, ...allocations },
      };
    }
    case 'allocated':
      return { type: 'PaymentAllocated', data: { ...ledger, ...withoutKind(entry) } };
    case 'allocation-reversed':
      return { type: 'PaymentAllocationReversed', data: { ...ledger, ...withoutKind(entry) } };
    case 'payment-reversed':
      return { type: 'PaymentReversed', data: { ...ledger, ...withoutKind(entry) } };
    case 'refunded':
      return { type: 'RefundPaid', data: { ...ledger, ...withoutKind(entry) } };
    case 'credited':
      return { type: 'CreditNoteApplied', data: { ...ledger, ...withoutKind(entry) } };
    case 'written-off':
      return { type: 'InvoiceWrittenOff', data: { ...ledger, ...withoutKind(entry) } };
    case 'write-off-reversed':
      return { type: 'InvoiceWriteOffReversed', data: { ...ledger, ...withoutKind(entry) } };
  }
}

const withoutKind = <Entry extends { readonly kind: string }>({
  kind: _kind,
  ...data
}: Entry): Omit<Entry, 'kind'> => data;
