import {
  type Program,
  emptyProgram,
  evolveProgram,
  type ProgramEvent,
} from '../../program/program.js';
import { defaultPolicy } from '../../program/default-policy.js';
import type { Policy } from '../../program/policy.js';
import { eventId } from '../../shared/ids.js';
import { applicationStream, programStream } from '../../shared/streams.js';
import { applicationId } from '../../shared/ids.js';
import type {
  CapabilitiesAssessment,
  Capability,
  CapabilityResult,
} from '../../direct-bill/assessment.js';
import type { DirectBillFacts } from '../../direct-bill/direct-bill-rule.js';
import type { RevenueAmount } from '../revenue.js';
import {
  authorization,
  byId,
  membership,
  partnerOf,
  type PartnerStory,
  registered,
  relationship,
} from './partners.js';

/** The day on which all facts below are in force. */
export const today = '2026-11-22';
const long = { from: '2020-01-01' };

export const program = (changes: Partial<Policy> = {}): Program =>
  [
    {
      type: 'PolicyPublished',
      data: { effectiveFrom: '0001-01-01', policy: { ...defaultPolicy, ...changes } },
    },
    {
      type: 'ReferenceDataPublished',
      data: { name: 'markets', asOf: '2023-08-17', digest: 'd', rows: ['JP', 'FR'].map(market) },
    },
  ].reduce<Program>((state, { type, data }, revision) => {
    const envelope = {
      id: eventId(`program-${revision}`),
      version: 1,
      stream: programStream,
      revision,
    };
    return evolveProgram(state, {
      ...envelope,
      type,
      data,
      recordedAt: '2026-11-22T09:00:00.000Z',
    } as unknown as ProgramEvent);
  }, emptyProgram);

const market = (country: string) => ({
  country,
  marketCode: country,
  name: country,
  region: country,
  regionGroup: `group ${country}`,
  currency: country === 'JP' ? 'JPY' : 'EUR',
});

/** The facts that the rules require of a partner's own record, by rule. */
export const record = {
  tenure: relationship('provider', long),
  membership: membership(long),
  supportPlan: { type: 'PartnerSupportPlanStarted', data: { plan: 'advanced', ...long } },
  location: { type: 'PartnerLocationStarted', data: { partnerLocationId: 'osaka', country: 'JP' } },
  service: {
    type: 'PartnerServiceStarted',
    data: { kind: 'ip-service', name: 'monitoring', ...long },
  },
  signingAuthority: {
    type: 'PartnerSigningAuthorityStarted',
    data: {
      name: { sealed: 1, subject: 'partner:kansai', generation: 1, iv: 'i', box: 'b', mac: 'm' },
      title: 'CEO',
      ...long,
    },
  },
} as const satisfies Record<string, PartnerStory[number]>;

export const amount = (usd: string, change: Partial<RevenueAmount> = {}): RevenueAmount => ({
  kind: 'recorded',
  on: '2026-06-01',
  family: 'cloud',
  soldAs: 'indirect-reseller',
  status: 'counted',
  usd,
  ...change,
});

export const assessment = (
  on: string,
  failed: readonly Capability[] = [],
): CapabilitiesAssessment => {
  const of = (capability: Capability): CapabilityResult =>
    failed.includes(capability) ? 'failed' : 'passed';
  const results = {
    billing: of('billing'),
    provisioning: of('provisioning'),
    customerSupport: of('customerSupport'),
    compliance: of('compliance'),
    security: of('security'),
  };
  const proof = {
    stream: applicationStream(applicationId('a')),
    revision: 4,
    eventId: eventId(`assessed-${on}`),
  };
  return { results, assessor: 'Audit KK', on, proof };
};

export const provider = partnerOf(
  'provider',
  registered('provider', 'indirect-provider'),
  authorization(long),
);
export const kansai = (...story: PartnerStory) =>
  partnerOf('kansai', registered('kansai', 'indirect-reseller'), ...story);

export const eligible: DirectBillFacts = {
  asOf: today,
  program: program(),
  partner: kansai(...Object.values(record)),
  providers: byId(provider),
  revenue: [amount('300000.00')],
  assessments: [assessment('2025-11-23')],
};
