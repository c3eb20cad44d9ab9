import {
  assessmentOf,
  type DirectBillApplicationEvent,
} from '../../domain/direct-bill/application.js';
import type { CapabilitiesAssessment } from '../../domain/direct-bill/assessment.js';
import type { LoggedEvent, Position } from '../../event-log/event-log.js';
import { type RowUpdate, type Projection, type ProjectionStep, table } from '../projection.js';
import { applicationTypes, applicationVersions } from './application-versions.js';
import { directBillTypes, partnerTypes, partnerVersions } from './partner-versions.js';
import { type VersionStep, versionedTables } from './versioned-tables.js';
import type { CurrentRow } from './versions.js';

/** The assessment of a third party, for any of a partner's applications. */
export interface AssessmentRow {
  readonly partnerId: string;
  readonly position: Position;
  readonly assessment: CapabilitiesAssessment;
}

const ASSESSED = 'DirectBillApplicationCapabilitiesAssessed';

const partners = versionedTables(
  'partners',
  'partner',
  [
    ...partnerTypes(
      'location',
      'membership',
      'signingAuthority',
      'providerAuthorization',
      'providerRelationship',
      'supportPlan',
      'service',
    ),
    ...directBillTypes,
  ],
  partnerVersions,
);
const applications = versionedTables(
  'applications',
  'application',
  applicationTypes,
  applicationVersions,
  {
    columns: { partnerId: { type: 'text', of: applicant } },
    indexes: [['partnerId', 'position']],
  },
);
const assessments = table<AssessmentRow>('assessments', {
  columns: {
    partnerId: { type: 'text', of: (row) => row.partnerId },
    position: { type: 'integer', of: (row) => row.position },
  },
  indexes: [['partnerId', 'position']],
});

/**
 * The versions of each partner's facts that matter for direct billing, and of each application; and
 * the assessments of all applications.
 */
export const directBillProjection: Projection = {
  name: 'direct-bill',
  version: 1,
  streams: ['partner', 'application'],
  tables: [...partners.tables, ...applications.tables, assessments],
  on: new Map<string, (event: LoggedEvent) => ProjectionStep>([
    ...partners.steps,
    ...applications.steps.map(
      ([type, step]) => [type, type === ASSESSED ? withAssessment(step) : step] as const,
    ),
  ]),
};

type Assessed = LoggedEvent & Extract<DirectBillApplicationEvent, { type: typeof ASSESSED }>;

/** The event does not name the partner, but its application does. */
function withAssessment(step: VersionStep): VersionStep {
  return (event) => {
    const version = step(event);
    return {
      rows: version.rows,
      then: (rows) => [
        ...version.then(rows),
        // The first row is that of the application's own table.
        ...assessed(event as Assessed, rows[0] as CurrentRow | undefined),
      ],
    };
  };
}

function assessed(event: Assessed, application: CurrentRow | undefined): readonly RowUpdate[] {
  const partnerId = application && applicant(application);
  if (partnerId === undefined) return [];
  return [
    assessments.put(event.id, {
      partnerId,
      position: event.position,
      assessment: assessmentOf(event),
    }),
  ];
}

function applicant({ lists }: CurrentRow): string | undefined {
  const value = lists['partnerId']?.[0]?.[1];
  return typeof value === 'string' ? value : undefined;
}
