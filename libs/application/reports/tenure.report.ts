import { judgedTenures } from '../qualification/tenure-judgements.js';
import {
  buysThrough,
  partnerCells,
  partnerColumns,
  policyVersionColumn,
  policyVersionOf,
  wantedPartners,
} from './partner-columns.js';
import { requiredPolicyOn } from '../../domain/program/program.js';
import { partyNames } from './party-names.js';
import type { Report } from './report.js';

export const tenureReport: Report = {
  name: 'tenure',
  version: 1,
  hasPeriod: false,
  summary: 'Tenure of every registered partner as an indirect reseller, in order of registration',
  columns: [
    ...partnerColumns,
    {
      name: 'status',
      type: 'text',
      description: 'not-started, accruing, satisfied or interrupted',
    },
    {
      name: 'months',
      type: 'integer',
      unit: 'months',
      totalled: true,
      description: 'Whole months of the current unbroken tenure',
    },
    { name: 'since', type: 'date', nullable: true, description: 'The first day of that tenure' },
    {
      name: 'satisfiedOn',
      type: 'date',
      nullable: true,
      description: 'The day on which the tenure is, or was, long enough',
    },
    {
      name: 'interruptedOn',
      type: 'date',
      nullable: true,
      description: 'The first day of the interruption',
    },
    {
      name: 'reason',
      type: 'text',
      nullable: true,
      description: 'The condition that was not met on that day',
    },
    policyVersionColumn,
  ],
  async *pages(query, { readModels }) {
    const policyVersion = policyVersionOf(requiredPolicyOn(query.program, query.asOf));
    for await (const judged of judgedTenures(readModels, query, wantedPartners(query))) {
      const wanted = judged.filter(({ partner }) => buysThrough(partner, query));
      const names = await partyNames(readModels, query.knownAt, {
        partners: wanted.map(({ partner }) => partner.partnerId),
      });
      yield wanted.map(({ partner, tenure }) => ({
        ...partnerCells(partner, names, query),
        status: tenure.status,
        months: tenure.months,
        since: tenure.since ?? null,
        satisfiedOn: tenure.satisfiedOn ?? null,
        interruptedOn: tenure.interruptedOn ?? null,
        reason: tenure.reason ?? null,
        policyVersion,
      }));
    }
  },
};
