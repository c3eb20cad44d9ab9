import { openLocal } from '../local/open-local.js';
import { SqliteEventLog } from '../../event-log/sqlite/sqlite-event-log.js';
import { SqliteReadModelStore } from '../sqlite/sqlite-read-model-store.js';

// A process that projects in small batches until it is killed. It prints its position after every
// commit of rows.
const [, , logFile = '', readModelsFile = ''] = process.argv;
const log = await SqliteEventLog.openReader({ file: logFile });
const store = SqliteReadModelStore.open(readModelsFile);
const { readModels } = openLocal({
  log,
  store,
  project: true,
  holder: `${process.pid}`,
  batchEvents: 7,
  report: () => undefined,
});
for (;;) {
  const [first] = await readModels.projections();
  process.stdout.write(`${first?.position}\n`);
  await new Promise((resolve) => setTimeout(resolve, 3));
}
