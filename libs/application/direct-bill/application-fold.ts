import {
  type DirectBillApplication,
  type DirectBillApplicationEvent,
  evolveApplication,
  unknownApplication,
} from '../../domain/direct-bill/application.js';
import { type ApplicationId, applicationId, type StreamName } from '../../domain/shared/ids.js';
import { applicationStream } from '../../domain/shared/streams.js';
import type { Fold } from '../engine/states/fold.js';

/** The stream stays short, so it has no snapshots. */
export const applicationFold = (
  applicationId: ApplicationId,
): Fold<DirectBillApplication, DirectBillApplicationEvent> => ({
  stream: applicationStream(applicationId),
  initial: unknownApplication(applicationId),
  evolve: evolveApplication,
});

const PREFIX = applicationStream(applicationId(''));

/** The id of the application that a stream belongs to. */
export function applicationOf(stream: StreamName): ApplicationId {
  if (!stream.startsWith(PREFIX)) throw new Error(`${stream} is not the stream of an application`);
  return applicationId(stream.slice(PREFIX.length));
}
