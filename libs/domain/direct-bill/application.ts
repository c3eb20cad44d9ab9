import { type EventRef, eventRef, type Recorded, unreachable } from '../shared/event.js';
import type { ApplicationId, PartnerId } from '../shared/ids.js';
import type { CapabilitiesAssessment, Capability, CapabilityResult } from './assessment.js';
import type { RecordedJudgement } from './recorded-judgement.js';

/** The fields of every step of an application. */
export interface StepDetails {
  /** The day of the step; of an interview, the day for which it is scheduled. */
  readonly on: string;
  /** The reason of a request, a decline or a withdrawal. */
  readonly reason?: string;
  /** Free text: the question, or the information provided. */
  readonly note?: string;
}

/** `application-<applicationId>`. */
export type DirectBillApplicationEvent =
  | Recorded<
      'DirectBillApplicationSubmitted',
      StepDetails & { applicationId: ApplicationId; partnerId: PartnerId }
    >
  | Recorded<'DirectBillApplicationInformationRequested', StepDetails>
  | Recorded<'DirectBillApplicationInformationProvided', StepDetails>
  | Recorded<
      'DirectBillApplicationQualificationConfirmed',
      StepDetails & { judgement: RecordedJudgement }
    >
  | Recorded<'DirectBillApplicationInterviewScheduled', StepDetails>
  | Recorded<
      'DirectBillApplicationCapabilitiesAssessed',
      StepDetails & Record<Capability, CapabilityResult> & { assessor: string }
    >
  /** `from`: the first day of the authorization. */
  | Recorded<
      'DirectBillApplicationApproved',
      StepDetails & { from: string; evidence: string; judgement: RecordedJudgement }
    >
  | Recorded<'DirectBillApplicationDeclined', StepDetails>
  | Recorded<'DirectBillApplicationWithdrawn', StepDetails>;

/** The steps in the order in which they are taken; each names the state that it leads to. */
export type ApplicationStatus =
  | 'submitted'
  | 'information-requested'
  | 'information-provided'
  | 'qualification-confirmed'
  | 'interview-scheduled'
  | 'capabilities-assessed'
  | 'approved'
  | 'declined'
  | 'withdrawn';

export interface ApplicationStep extends StepDetails {
  readonly status: ApplicationStatus;
  /** When it was recorded. */
  readonly recordedAt: string;
  readonly proof: EventRef;
}

/** The state of an application's stream. */
export interface DirectBillApplication {
  readonly applicationId: ApplicationId;
  /** Absent until `DirectBillApplicationSubmitted`. */
  readonly partnerId?: PartnerId;
  readonly status?: ApplicationStatus;
  /** The steps that were taken, in order. */
  readonly steps: readonly ApplicationStep[];
  readonly assessment?: CapabilitiesAssessment;
  /** The judgement at its confirmation, then at its approval. */
  readonly judgement?: RecordedJudgement;
  readonly authorization?: { readonly from: string; readonly evidence: string };
}

/** The state before the first event of the stream. */
export const unknownApplication = (applicationId: ApplicationId): DirectBillApplication => ({
  applicationId,
  steps: [],
});

export function evolveApplication(
  application: DirectBillApplication,
  event: DirectBillApplicationEvent,
): DirectBillApplication {
  switch (event.type) {
    case 'DirectBillApplicationSubmitted':
      return { ...taken(application, 'submitted', event), partnerId: event.data.partnerId };
    case 'DirectBillApplicationInformationRequested':
      return taken(application, 'information-requested', event);
    case 'DirectBillApplicationInformationProvided':
      return taken(application, 'information-provided', event);
    case 'DirectBillApplicationQualificationConfirmed':
      return {
        ...taken(application, 'qualification-confirmed', event),
        judgement: event.data.judgement,
      };
    case 'DirectBillApplicationInterviewScheduled':
      return taken(application, 'interview-scheduled', event);
    case 'DirectBillApplicationCapabilitiesAssessed':
      return {
        ...taken(application, 'capabilities-assessed', event),
        assessment: assessmentOf(event),
      };
    case 'DirectBillApplicationApproved': {
      const { from, evidence, judgement } = event.data;
      return {
        ...taken(application, 'approved', event),
        judgement,
        authorization: { from, evidence },
      };
    }
    case 'DirectBillApplicationDeclined':
      return taken(application, 'declined', event);
    case 'DirectBillApplicationWithdrawn':
      return taken(application, 'withdrawn', event);
    default:
      return unreachable(event);
  }
}

/**
 * The assessment that an application's event records, for states that collect the assessments of
 * all applications.
 */
export function assessmentOf(
  event: Extract<DirectBillApplicationEvent, { type: 'DirectBillApplicationCapabilitiesAssessed' }>,
): CapabilitiesAssessment {
  const { billing, provisioning, customerSupport, compliance, security, assessor, on } = event.data;
  return {
    results: { billing, provisioning, customerSupport, compliance, security },
    assessor,
    on,
    proof: eventRef(event),
  };
}

function taken(
  application: DirectBillApplication,
  status: ApplicationStatus,
  event: DirectBillApplicationEvent,
): DirectBillApplication {
  const { on, reason, note } = event.data;
  const details = {
    on,
    ...(reason !== undefined && { reason }),
    ...(note !== undefined && { note }),
  };
  const step: ApplicationStep = {
    status,
    ...details,
    recordedAt: event.recordedAt,
    proof: eventRef(event),
  };
  return { ...application, status, steps: [...application.steps, step] };
}
