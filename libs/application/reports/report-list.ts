import { eligibilityReport } from './eligibility.report.js';
import { ordersReport } from './orders.report.js';
import { refusalsReport } from './refusals.report.js';
import type { Report } from './report.js';
import { tenureReport } from './tenure.report.js';
import { trailingRevenueReport } from './trailing-revenue.report.js';

/** Every report whose data this release has. */
export const reports: readonly Report[] = [
  trailingRevenueReport,
  tenureReport,
  eligibilityReport,
  ordersReport,
  refusalsReport,
];
