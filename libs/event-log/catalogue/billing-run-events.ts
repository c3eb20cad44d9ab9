import type { BillingRunEvent } from '../../domain/billing/runs/billing-run.js';
import { type EntriesOf, entry } from './entry.js';
import {
  dictionary,
  list,
  money,
  month,
  object,
  oneOf,
  partnerId,
  text,
  uuid,
  wholeNumber,
} from './schema.js';

const blocked = object({
  entityId: partnerId,
  payer: text,
  code: oneOf(
    'price-missing',
    'billing-profile-missing',
    'tax-treatment-missing',
    'tax-rate-missing',
  ),
  facts: dictionary(text, text),
});

export const billingRunEvents: EntriesOf<BillingRunEvent> = {
  BillingRunStarted: entry(
    'billingrun',
    'A billing run was requested. Without `entityIds` or `payers` it bills all of them.',
    object({ runId: uuid, period: month }, { entityIds: list(partnerId), payers: list(text) }),
  ),
  BillingRunAdvanced: entry(
    'billingrun',
    'Every document of these payers is issued. The counts and totals are theirs alone; `payerCount` and `done` count payers of the whole run.',
    object(
      {
        payerCount: wholeNumber,
        done: wholeNumber,
        invoices: wholeNumber,
        creditNotes: wholeNumber,
        totals: list(money),
        blocked: list(blocked),
      },
      { through: text },
    ),
  ),
  BillingRunCompleted: entry(
    'billingrun',
    'All payers of the run are billed or blocked.',
    object({ done: wholeNumber }),
  ),
};
