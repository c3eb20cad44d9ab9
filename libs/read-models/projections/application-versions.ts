import {
  type DirectBillApplication,
  type DirectBillApplicationEvent,
  evolveApplication,
  unknownApplication,
} from '../../domain/direct-bill/application.js';
import { applicationId } from '../../domain/shared/ids.js';
import type { Versioning } from './versions.js';

export const applicationTypes: readonly DirectBillApplicationEvent['type'][] = [
  'DirectBillApplicationSubmitted',
  'DirectBillApplicationInformationRequested',
  'DirectBillApplicationInformationProvided',
  'DirectBillApplicationQualificationConfirmed',
  'DirectBillApplicationInterviewScheduled',
  'DirectBillApplicationCapabilitiesAssessed',
  'DirectBillApplicationApproved',
  'DirectBillApplicationDeclined',
  'DirectBillApplicationWithdrawn',
];

/** Fields with at most one value. */
const single = ['partnerId', 'status', 'assessment', 'judgement', 'authorization'] as const;

/** The versions of a direct-bill application. */
export const applicationVersions: Versioning<DirectBillApplication, DirectBillApplicationEvent> = {
  initial: (subject) => unknownApplication(applicationId(subject)),
  evolve: evolveApplication,
  split: (application) => ({
    ...Object.fromEntries(
      single.map((field) => [field, application[field] === undefined ? [] : [application[field]]]),
    ),
    steps: application.steps,
  }),
  join: (initial, { steps = [], ...lists }) => {
    const fields = single.flatMap((field) =>
      (lists[field] ?? []).map((value) => [field, value] as const),
    );
    // `split` made the lists, each with values of its field.
    return { ...initial, ...Object.fromEntries(fields), steps } as DirectBillApplication;
  },
};
