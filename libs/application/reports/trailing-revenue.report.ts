import { requiredPolicyOn } from '../../domain/program/program.js';
import type { Partner } from '../../domain/partner/partner.js';
import { type ExclusionReason, exclusionReasons } from '../../domain/qualification/exclusion.js';
import {
  revenueWindow,
  type TrailingRevenue,
  trailingRevenue,
} from '../../domain/qualification/trailing-revenue.js';
import { zero } from '../../domain/shared/money.js';
import type { ReadModels } from '../../read-models/read-models.js';
import {
  buysThrough,
  partnerCells,
  partnerColumns,
  policyVersionColumn,
  policyVersionOf,
  wantedPartners,
} from './partner-columns.js';
import { partyNames } from './party-names.js';
import type { ReportColumn, Report, ReportQuery, ReportRow } from './report.js';

const usd = (name: string, description: string): ReportColumn => ({
  name,
  type: 'money',
  currency: 'USD',
  unit: 'USD',
  description,
});
const totalledUsd = (name: string, description: string): ReportColumn => ({
  ...usd(name, description),
  totalled: true,
});

/** Each reason has its own column: `outside-window` has the column `excludedOutsideWindow`. */
const columnOf = (reason: ExclusionReason): string =>
  `excluded${reason
    .split('-')
    .map((word) => word[0]?.toUpperCase() + word.slice(1))
    .join('')}`;
/** The columns of the twelve parts of the window, the oldest first. */
const parts = Array.from(
  { length: 12 },
  (_part, index) => `month${String(index + 1).padStart(2, '0')}`,
);

export const trailingRevenueReport: Report = {
  name: 'trailing-revenue',
  version: 1,
  hasPeriod: false,
  summary:
    'Twelve-month revenue of every registered partner and the threshold, in order of registration',
  columns: [
    ...partnerColumns,
    { name: 'windowFrom', type: 'date', description: 'The first day that counts' },
    { name: 'windowTo', type: 'date', description: 'The last day that counts' },
    totalledUsd('total', 'The revenue that counts, on the policy’s basis'),
    totalledUsd('billed', 'The revenue that counts by the day on which it was recognized'),
    totalledUsd('paid', 'The revenue that counts by the day on which it was paid'),
    usd('threshold', "The policy's threshold"),
    totalledUsd('shortfall', 'The threshold less the total; never negative'),
    { name: 'share', type: 'decimal', unit: 'of the threshold', description: 'Total ÷ threshold' },
    {
      name: 'meetsThreshold',
      type: 'boolean',
      description: 'Whether the total is at least the threshold',
    },
    {
      name: 'belowThresholdFrom',
      type: 'date',
      nullable: true,
      description:
        'The first day after asOf on which the total falls below the threshold without further revenue',
    },
    ...parts.map((part, index) =>
      totalledUsd(
        part,
        `Part ${index + 1} of 12 of the window, the oldest first; they add up to the total`,
      ),
    ),
    ...exclusionReasons.map((reason) =>
      totalledUsd(columnOf(reason), `Recorded revenue that does not count: ${reason}`),
    ),
    policyVersionColumn,
  ],
  async *pages(query, { readModels }) {
    for (let after: number | undefined; ;) {
      const { items, next } = await readModels.scanPartners('tenure', {
        knownAt: query.knownAt,
        after,
        limit: PAGE_PARTNERS,
        partnerIds: wantedPartners(query),
      });
      const wanted = items.filter(
        (partner) => partner.registration !== undefined && buysThrough(partner, query),
      );
      yield await rowsOf(wanted, query, readModels);
      if (next === undefined) return;
      after = next;
    }
  },
};

/** Each partner is one query; at most this many run at a time. */
const PAGE_PARTNERS = 25;

async function rowsOf(
  partners: readonly Partner[],
  query: ReportQuery,
  readModels: ReadModels,
): Promise<readonly ReportRow[]> {
  const { asOf, knownAt } = query;
  const published = requiredPolicyOn(query.program, asOf);
  const window = revenueWindow(asOf, published.policy);
  const names = await partyNames(readModels, knownAt, {
    partners: partners.map(({ partnerId }) => partnerId),
  });
  return Promise.all(
    partners.map(async (partner) => {
      const { amounts } = await readModels.revenueAmounts(partner.partnerId, {
        asOf,
        window,
        knownAt,
        minPosition: knownAt,
      });
      const revenue = trailingRevenue({ amounts, asOf, policy: published.policy });
      return {
        ...partnerCells(partner, names, query),
        ...revenueCells(revenue),
        policyVersion: policyVersionOf(published),
      };
    }),
  );
}

const revenueCells = ({
  window,
  months,
  excluded,
  belowThresholdFrom,
  ...figures
}: TrailingRevenue): ReportRow => ({
  ...figures,
  windowFrom: window.from,
  windowTo: window.to,
  belowThresholdFrom: belowThresholdFrom ?? null,
  ...Object.fromEntries(parts.map((part, index) => [part, months[index]?.amount ?? zero('USD')])),
  ...Object.fromEntries(
    exclusionReasons.map((reason) => [
      columnOf(reason),
      excluded.find((one) => one.reason === reason)?.amount ?? zero('USD'),
    ]),
  ),
});
