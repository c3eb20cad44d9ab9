import type { Projection } from '../projection.js';
import { billingEntitiesProjection } from './billing-entities.projection.js';
import { billingRunsProjection } from './billing-runs.projection.js';
import { customersProjection } from './customers.projection.js';
import { documentsProjection } from './documents.projection.js';
import { directBillProjection } from './direct-bill.projection.js';
import { eligibilityProjection } from './eligibility.projection.js';
import { namesProjection } from './names.projection.js';
import { offersProjection } from './offers.projection.js';
import { ordersProjection } from './orders.projection.js';
import { partnersProjection } from './partners.projection.js';
import { receivablesProjection } from './receivables.projection.js';
import { chargesProjection } from './charges.projection.js';
import { subscriptionsProjection } from './subscriptions.projection.js';
import { sellingPricesProjection } from './selling-prices.projection.js';
import { reconciliationsProjection } from './reconciliations.projection.js';
import { taxRatesProjection } from './tax-rates.projection.js';
import { tenureProjection } from './tenure.projection.js';
import { trailingRevenueProjection } from './trailing-revenue.projection.js';

/** Every projection of this release. */
export const projections: readonly Projection[] = [
  partnersProjection,
  customersProjection,
  ordersProjection,
  offersProjection,
  namesProjection,
  trailingRevenueProjection,
  eligibilityProjection,
  tenureProjection,
  directBillProjection,
  billingEntitiesProjection,
  taxRatesProjection,
  reconciliationsProjection,
  subscriptionsProjection,
  chargesProjection,
  sellingPricesProjection,
  receivablesProjection,
  documentsProjection,
  billingRunsProjection,
];
