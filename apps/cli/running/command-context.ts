import { userInfo } from 'node:os';
import type {
  CommandContext,
  RequestFingerprint,
} from '../../../libs/application/engine/commands/command-context.js';
import { commandIdFrom, randomCommandId } from '../../../libs/event-log/identity.js';

/** The context of a command. Its actor is the operating system's user. */
export const actor = `cli:${userName()}`;

/** With a key, a repeated command has the same id. Without a key, every command is new. */
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

/** In a container the user may have a number but no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
