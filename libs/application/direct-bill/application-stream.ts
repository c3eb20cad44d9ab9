import { type ApplicationId, applicationId, type StreamName } from '../../domain/shared/ids.js';
import { applicationStream } from '../../domain/shared/streams.js';

const PREFIX = applicationStream(applicationId(''));

/** The application that a stream is of. */
export function applicationOf(stream: StreamName): ApplicationId {
  if (!stream.startsWith(PREFIX)) throw new Error(`${stream} is no application's stream`);
  return applicationId(stream.slice(PREFIX.length));
}
