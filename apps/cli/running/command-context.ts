import { userInfo } from 'node:os';
import type {
  CommandContext,
  RequestFingerprint,
} from '../../../libs/application/engine/commands/command-context.js';
import { commandIdFrom, randomCommandId } from '../../../libs/event-log/identity.js';

/** Commands of the command line are given by whoever runs it. */
export const actor = `cli:${userName()}`;

/** A command of its own, or with a key the same one whenever it is repeated with it. */
export function commandContext(keyed?: {
  readonly key: string;
  readonly fingerprint: RequestFingerprint;
}): CommandContext {
  const commandId = keyed ? commandIdFrom(actor, keyed.key) : randomCommandId();
  return {
    commandId,
    actor,
    correlationId: commandId,
    ...(keyed ? { fingerprint: keyed.fingerprint } : {}),
  };
}

/** In a container the user may have a number and no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
