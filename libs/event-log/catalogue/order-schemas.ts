import { reasons, ruleIds } from '../../domain/order/reasons.js';
import {
  constant,
  currency,
  date,
  decimal,
  dictionary,
  either,
  flag,
  instant,
  list,
  money,
  object,
  oneOf,
  partnerId,
  seenRevision,
  text,
  tuple,
  uuid,
  wholeNumber,
} from './schema.js';

const orderLine = object(
  {
    offerId: text,
    quantity: { type: 'integer', minimum: 1 },
    term: oneOf('P1M', 'P1Y', 'P3Y', 'none'),
    billingPlan: oneOf('monthly', 'annual', 'triennial', 'one_time'),
  },
  {
    title: text,
    unitPrice: decimal,
    erpPrice: decimal,
    segment: oneOf('commercial', 'nonprofit', 'education', 'gcc'),
    family: oneOf('cloud', 'perpetual-software', 'partner-owned'),
    amount: decimal,
    taxCategory: text,
    source: object({ importId: uuid, row: { type: 'integer', minimum: 1 } }),
  },
);

const factValue = either(text, { type: 'integer' }, flag, list(text));

/** [rule, outcome, reason or 0, line or −1, facts or 0, indexes into `evidence`]. */
const check = tuple(
  oneOf(...ruleIds),
  oneOf('p', 'f', 'n'),
  either(oneOf(...reasons), constant(0)),
  { type: 'integer', minimum: -1 },
  either(dictionary(text, factValue), constant(0)),
  list(wholeNumber),
);

/** A decision as the log stores it (docs/events.md). */
export const decision = object({
  v: constant(1),
  outcome: oneOf('accepted', 'refused'),
  judgedAt: instant,
  date,
  ruleset: text,
  policy: wholeNumber,
  reads: list(tuple(text, seenRevision)),
  evidence: list(tuple(seenRevision, wholeNumber, uuid)),
  checks: list(check),
});

export const orderDecided = object(
  {
    orderId: uuid,
    kind: oneOf('new', 'add-quantity'),
    partnerId,
    currency,
    lines: { ...list(orderLine), minItems: 1, maxItems: 100 },
    decision,
  },
  { subscriptionId: uuid, providerId: partnerId, reference: text, total: money },
);
