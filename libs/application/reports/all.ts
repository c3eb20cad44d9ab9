import { ordersReport } from './orders.report.js';
import { refusalsReport } from './refusals.report.js';
import type { Report } from './report.js';

/** Every report whose data this release has. */
export const reports: readonly Report[] = [ordersReport, refusalsReport];
