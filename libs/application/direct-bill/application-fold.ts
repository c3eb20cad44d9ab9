import {
  type DirectBillApplication,
  type DirectBillApplicationEvent,
  evolveApplication,
  unknownApplication,
} from '../../domain/qualification/application.js';
import type { ApplicationId } from '../../domain/shared/ids.js';
import { applicationStream } from '../../domain/shared/streams.js';
import type { Fold } from '../records/folds.js';

/** The stream stays short: no snapshots. */
export const applicationFold = (applicationId: ApplicationId): Fold<DirectBillApplication> => ({
  stream: applicationStream(applicationId),
  initial: unknownApplication(applicationId),
  // The catalogue has checked the event, and the stream's name tells its union.
  evolve: (application, event) =>
    evolveApplication(application, event as DirectBillApplicationEvent),
});
