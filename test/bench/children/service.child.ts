import { SqliteEventLog } from '../../../libs/event-log/sqlite/sqlite-event-log.js';
import { Projector } from '../../../libs/read-models/runtime/projector.js';
import { readConfiguration } from '../../../libs/platform/configuration.js';
import { startService } from '../../../apps/api/service.js';
import { serveParent } from './child.js';
import { usage } from './usage.js';

// The service as `serve` starts it, in a separate process, configured by its environment.

if (process.env['BENCH_ONE_TRANSACTION'] === '1') commitOneAtATime();
if (process.env['BENCH_NO_PROJECTIONS'] === '1') projectNothing();

const service = await startService(readConfiguration(process.env));
serveParent({ url: service.url }, { usage }, () => service.close());

/**
 * Shows the value of group commit: each append waits for the previous commit, so that no two share
 * a transaction.
 */
function commitOneAtATime(): void {
  const { append } = SqliteEventLog.prototype;
  let last: Promise<unknown> = Promise.resolve();
  SqliteEventLog.prototype.append = function (appended) {
    const run = last.then(() => append.call(this, appended));
    last = run.catch(() => undefined);
    return run;
  };
}

/**
 * Without a store there is no worker thread for projections, and projections on the main thread
 * would be a cost that the store does not have.
 */
function projectNothing(): void {
  Projector.prototype.start = () => undefined;
}
