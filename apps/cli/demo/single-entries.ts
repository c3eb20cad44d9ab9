import type { RevenueStatement } from '../../../libs/domain/qualification/revenue.js';
import { addMonthsClamped, monthOf } from '../../../libs/domain/shared/calendar.js';
import { partnerId, tenantId } from '../../../libs/domain/shared/ids.js';
import { dayOf } from './months.js';

const BY_HAND = 'entered by hand';

/** The project that keeps its partner above the threshold until it is a year old. */
const PROJECT_MONTHS_BEFORE = 10;
export const fallingPartner = 'nordlicht-it';

export const greatProject = (firstMonth: string): RevenueStatement => ({
  partnerId: partnerId(fallingPartner),
  tenantId: tenantId('5e515500-0000-4000-8000-000000000024'),
  amount: { amount: '130000.00', currency: 'EUR' },
  recognizedOn: dayOf(firstMonth, -PROJECT_MONTHS_BEFORE, 17),
  family: 'cloud',
  soldAs: 'indirect-reseller',
  source: BY_HAND,
  reference: 'Campus migration',
});

/**
 * The day on which the partner falls below the threshold, because the project leaves the window.
 */
export const fallsBelowOn = (firstMonth: string): string =>
  addMonthsClamped(greatProject(firstMonth).recognizedOn, 12);

/** The first month of a demonstration, derived from its recorded project. */
export const firstMonthOfProject = ({
  recognizedOn,
}: Pick<RevenueStatement, 'recognizedOn'>): string =>
  monthOf(addMonthsClamped(recognizedOn, PROJECT_MONTHS_BEFORE));

/** Entries that are not in a file. */
export const singleEntries = (firstMonth: string): readonly RevenueStatement[] => [
  greatProject(firstMonth),
  {
    // Sold under another model, so it does not count as indirect.
    partnerId: partnerId('sakura-systems'),
    tenantId: tenantId('5e515500-0000-4000-8000-000000000002'),
    amount: { amount: '480000', currency: 'JPY' },
    recognizedOn: dayOf(firstMonth, -5, 9),
    family: 'cloud',
    soldAs: 'direct-bill',
    source: BY_HAND,
    reference: 'Pilot of direct billing',
  },
  {
    // A credit.
    partnerId: partnerId('thames-cloud'),
    tenantId: tenantId('5e515500-0000-4000-8000-000000000031'),
    amount: { amount: '-1250.50', currency: 'GBP' },
    recognizedOn: dayOf(firstMonth, -3, 12),
    family: 'cloud',
    soldAs: 'indirect-reseller',
    source: BY_HAND,
    reference: 'Goodwill for the outage',
  },
];
