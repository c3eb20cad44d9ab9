import type { DirectBillJudgement } from './direct-bill-rules.js';
import { type Proposed, unreachable } from '../shared/event.js';
import type { PartnerId } from '../shared/ids.js';
import { earliest, latest, type Malformed, malformed } from '../shared/malformed.js';
import { accept, refuse, type Result } from '../shared/result.js';
import type {
  ApplicationStatus,
  DirectBillApplication,
  DirectBillApplicationEvent,
  StepDetails,
} from './application.js';
import type { Capability, CapabilityResult } from './assessment.js';
import { directBillReasonsOf } from './direct-bill-rules.js';
import type { DirectBillReason, DirectBillRuleId } from './direct-bill-reasons.js';
import type { DirectBillCheck } from './direct-bill-rule.js';
import { recordedCheck, type RecordedJudgement } from './recorded-judgement.js';

/** The default of `on` is today. */
type Stated = Partial<StepDetails>;

export type ApplicationCommand =
  | { readonly type: 'submit'; readonly partnerId: PartnerId; readonly details: Stated }
  | { readonly type: 'request-information'; readonly details: Stated }
  | { readonly type: 'provide-information'; readonly details: Stated }
  | { readonly type: 'confirm-qualification'; readonly details: Stated }
  | { readonly type: 'schedule-interview'; readonly details: Stated }
  | {
      readonly type: 'assess-capabilities';
      readonly details: Stated & { readonly on: string };
      readonly results: Readonly<Record<Capability, CapabilityResult>>;
      readonly assessor: string;
    }
  /** The default of `from` is today; the default of `evidence` is the application itself. */
  | {
      readonly type: 'approve';
      readonly details: Stated;
      readonly from?: string;
      readonly evidence?: string;
    }
  | { readonly type: 'decline'; readonly details: Stated }
  | { readonly type: 'withdraw'; readonly details: Stated };

export type ApplicationRefusal =
  | { readonly code: 'partner-unknown' }
  | { readonly code: 'application-unknown' }
  | {
      readonly code: 'application-step-out-of-order';
      readonly applicationStatus: ApplicationStatus;
      /** The steps that may follow. */
      readonly possibleSteps: readonly ApplicationStep[];
    }
  | {
      readonly code: 'direct-bill-not-eligible';
      readonly reasons: readonly DirectBillReason[];
      readonly checks: readonly DirectBillCheck[];
    }
  | Malformed;

export type ApplicationStep = Exclude<ApplicationCommand['type'], 'submit'>;

export interface ApplicationDecisionFacts {
  /** The UTC date. */
  readonly today: string;
  /** The date at UTC+14: no calendar date later than this is today anywhere. */
  readonly latestToday: string;
  readonly partnerIsRegistered: boolean;
  /** The judgement of the partner, as of today. */
  readonly judge: () => DirectBillJudgement &
    Pick<RecordedJudgement, 'asOf' | 'occasion' | 'policy' | 'reads'>;
}

/** The fixed order of the steps: which steps may follow which status. */
export const stepsAfter: Readonly<Record<ApplicationStatus, readonly ApplicationStep[]>> = {
  submitted: ['request-information', 'confirm-qualification', 'withdraw'],
  'information-requested': ['provide-information', 'withdraw'],
  'information-provided': ['request-information', 'confirm-qualification', 'withdraw'],
  'qualification-confirmed': ['schedule-interview', 'withdraw'],
  'interview-scheduled': ['assess-capabilities', 'withdraw'],
  'capabilities-assessed': ['approve', 'decline', 'withdraw'],
  approved: [],
  declined: [],
  withdrawn: [],
};

/** Whether the rules judge a step. Only then are their facts loaded. */
export const isJudged = (
  { type }: ApplicationCommand,
  { status }: DirectBillApplication,
): boolean =>
  (type === 'confirm-qualification' || type === 'approve') &&
  status !== undefined &&
  stepsAfter[status].includes(type);

type Decision = Result<readonly Proposed<DirectBillApplicationEvent>[], ApplicationRefusal>;

/** Returns the event to append, or the refusal. */
export function decideApplication(
  command: ApplicationCommand,
  application: DirectBillApplication,
  facts: ApplicationDecisionFacts,
): Decision {
  if (command.type === 'submit') return submit(command, application, facts);

  const { status } = application;
  if (status === undefined) return refuse({ code: 'application-unknown' });
  if (!stepsAfter[status].includes(command.type)) return refuse(outOfOrder(status));
  return dateFault(command, facts) ?? stepTaken(command, application, facts);
}

const outOfOrder = (status: ApplicationStatus) =>
  ({
    code: 'application-step-out-of-order',
    applicationStatus: status,
    possibleSteps: stepsAfter[status],
  }) as const;

function submit(
  { partnerId, details }: Extract<ApplicationCommand, { type: 'submit' }>,
  { applicationId, status }: DirectBillApplication,
  facts: ApplicationDecisionFacts,
): Decision {
  if (!facts.partnerIsRegistered) return refuse({ code: 'partner-unknown' });
  if (status !== undefined) return refuse(outOfOrder(status));
  const fault = dateFault({ type: 'submit', details }, facts);
  return (
    fault ??
    accept([
      {
        type: 'DirectBillApplicationSubmitted',
        data: { applicationId, partnerId, ...dated(details, facts) },
      },
    ])
  );
}

function stepTaken(
  command: Exclude<ApplicationCommand, { type: 'submit' }>,
  application: DirectBillApplication,
  facts: ApplicationDecisionFacts,
): Decision {
  const details = dated(command.details, facts);
  switch (command.type) {
    case 'request-information':
      return accept([{ type: 'DirectBillApplicationInformationRequested', data: details }]);
    case 'provide-information':
      return accept([{ type: 'DirectBillApplicationInformationProvided', data: details }]);
    case 'confirm-qualification':
      return whenJudged(facts, entryChecks, (judgement) => [
        { type: 'DirectBillApplicationQualificationConfirmed', data: { ...details, judgement } },
      ]);
    case 'schedule-interview':
      return accept([{ type: 'DirectBillApplicationInterviewScheduled', data: details }]);
    case 'assess-capabilities': {
      const { results, assessor } = command;
      return accept([
        {
          type: 'DirectBillApplicationCapabilitiesAssessed',
          data: { ...details, ...results, assessor },
        },
      ]);
    }
    case 'approve': {
      const {
        from = facts.today,
        evidence = `direct-bill application ${application.applicationId}`,
      } = command;
      return whenJudged(facts, 'all', (judgement) => [
        { type: 'DirectBillApplicationApproved', data: { ...details, from, evidence, judgement } },
      ]);
    }
    case 'decline':
      return accept([{ type: 'DirectBillApplicationDeclined', data: details }]);
    case 'withdraw':
      return accept([{ type: 'DirectBillApplicationWithdrawn', data: details }]);
    default:
      return unreachable(command);
  }
}

/** Revenue and tenure are confirmed together, before all other rules. */
const entryChecks: readonly DirectBillRuleId[] = ['DIRECT-1', 'DIRECT-2'];

function whenJudged(
  facts: ApplicationDecisionFacts,
  rules: readonly DirectBillRuleId[] | 'all',
  events: (judgement: RecordedJudgement) => readonly Proposed<DirectBillApplicationEvent>[],
): Decision {
  const { checks: judged, asOf, occasion, policy, reads } = facts.judge();
  const checks = judged.filter(({ rule }) => rules === 'all' || rules.includes(rule));
  if (checks.some(({ outcome }) => outcome === 'fail')) {
    return refuse({
      code: 'direct-bill-not-eligible',
      reasons: directBillReasonsOf(checks),
      checks,
    });
  }
  return accept(events({ asOf, occasion, policy, reads, checks: checks.map(recordedCheck) }));
}

const dated = ({ on, reason, note }: Stated, { today }: ApplicationDecisionFacts): StepDetails => ({
  on: on ?? today,
  ...(reason !== undefined && { reason }),
  ...(note !== undefined && { note }),
});

/**
 * A step is recorded after it has happened. Only an interview may be in the future, and an
 * authorization may begin on the day of its step or later.
 */
function dateFault(
  command: Pick<ApplicationCommand, 'type' | 'details'> & { readonly from?: string },
  { today, latestToday }: ApplicationDecisionFacts,
): Decision | undefined {
  const { type, details, from } = command;
  if (type !== 'schedule-interview' && details.on !== undefined && details.on > latestToday) {
    return refuse(malformed('/on', latest(latestToday)));
  }
  if (from !== undefined && from < today) return refuse(malformed('/from', earliest(today)));
  return undefined;
}
