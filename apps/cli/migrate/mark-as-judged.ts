import type { LoggedEvent } from '../../../libs/event-log/event-log.js';
import { VALIDATION_PROCESS } from '../../../libs/application/gate/validation-checkpoint.js';
import type { Configuration } from '../../../libs/platform/configuration.js';
import { openStores } from '../../../libs/read-models/composition/open-stores.js';

/**
 * On SQLite every order stood at its commit, so no process need judge the copied ones again: the
 * checkpoint is set behind them.
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
