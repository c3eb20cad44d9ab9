import { SqliteEventLog } from '../../event-log/sqlite/sqlite-event-log.js';
import { openLocal } from '../local/open-local.js';
import { openStores } from '../composition/open-stores.js';

// A process that projects onto PostgreSQL in small batches until it is killed. It prints its
// position after every commit of rows.
const [, , logFile = '', url = '', schema = ''] = process.argv;
const log = await SqliteEventLog.openReader({ file: logFile });
const { store } = await openStores({ kind: 'postgres', url, schema }, () => undefined);
const { readModels } = openLocal({
  log,
  store,
  project: true,
  holder: `${process.pid}`,
  batchEvents: 7,
  report: () => undefined,
});
process.stdout.write('opened\n');
for (;;) {
  const [first] = await readModels.projections();
  process.stdout.write(`${first?.position}\n`);
  await new Promise((resolve) => setTimeout(resolve, 3));
}
