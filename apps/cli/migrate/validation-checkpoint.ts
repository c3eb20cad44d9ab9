import type { LoggedEvent } from '../../../libs/event-log/event-log.js';
import { VALIDATION_PROCESS } from '../../../libs/application/gate/validation-checkpoint.js';
import type { Configuration } from '../../../libs/platform/configuration.js';
import { openStores } from '../../../libs/read-models/composition/open-stores.js';

/**
 * On SQLite every order was confirmed when it was appended, so the copied orders need no
 * validation: the checkpoint is set to the last event.
 */
export async function markAsJudged(
  { readModels, dataDir }: Configuration,
  last: LoggedEvent | undefined,
): Promise<void> {
  if (!last) return;
  const at = readModels.kind === 'postgres' ? readModels : ({ kind: 'sqlite', dataDir } as const);
  const stores = await openStores(at, () => undefined);
  try {
    await stores.processCheckpoints.moveTo(VALIDATION_PROCESS, {
      position: last.position,
      eventId: last.id,
    });
  } finally {
    await stores.close();
  }
}
