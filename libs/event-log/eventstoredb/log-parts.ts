import { AllSubscription } from './all-subscription.js';
import { Appending } from './appending.js';
import { Arrival } from './arrival.js';
import { CatchUp } from './catch-up.js';
import { ClaimStore } from './claim-store.js';
import { Connection } from './connection.js';
import { Deadline } from './deadline.js';
import { EventFetch } from './event-fetch.js';
import type { EventStoreDbLogOptions } from './eventstoredb-log.js';
import { IndexKeeping } from './index-keeping.js';
import { KnownLog } from './known-log.js';
import type { AllPosition, IndexedEvent } from './log-index.js';
import { LogContinuity } from './log-continuity.js';
import { LogEnd } from './log-end.js';
import { logOrigin } from './log-origin.js';
import { Reading } from './reading.js';
import { RecordingClock } from './recording-clock.js';
import { Rows } from './rows.js';
import { LogScan } from './scan.js';
import { ServerReading } from './server-reading.js';
import { startPoint } from './start-point.js';
import { StreamNames } from './stream-names.js';
import { StreamQueues } from './stream-queues.js';
import { UnaryAppends } from './unary-append.js';
import { parseServerUrl } from './url.js';

import type { LogWentBack } from '../errors.js';

export type LogParts = ReturnType<typeof assemble>;

/**
 * What the log is made of, each part with what it needs of the others. Nothing is asked of the
 * server yet.
 */
export function assemble(
  options: Required<EventStoreDbLogOptions>,
  closed: () => boolean,
  wentBack: (error: LogWentBack) => void,
) {
  const { url, prefix, index, keepsIndex, report, patience } = options;
  const names = new StreamNames(prefix);
  const clock: RecordingClock = new RecordingClock(options.clock, () => known);
  const known: KnownLog = new KnownLog(
    names,
    report,
    (stored) => clock.arrived(stored),
    options.recentEvents,
  );
  const connection = new Connection(parseServerUrl(url), report, patience);
  const server = new ServerReading(connection, prefix, closed, known);
  const continuity = new LogContinuity({ furthest: known.furthest, server, patience, wentBack });
  known.doubted = () => continuity.doubt();
  const subscription = new AllSubscription({ connection, known, prefix, report, continuity });
  const arrival = new Arrival(known, subscription, patience);
  const rows = new Rows(known, index);
  const fetch = new EventFetch(server, known, names);
  let origin: AllPosition | undefined;
  const scan = new LogScan(server, rows, names, () => origin);
  const reading = new Reading({ server, known, rows, scan, fetch, arrival, names });
  const appends = new UnaryAppends(connection, server, continuity);
  const queues = new StreamQueues();
  /** From where the index ends; at first, or when it has turned out to be another log's. */
  const count = async (): Promise<IndexedEvent | undefined> => {
    origin ??= await logOrigin(server, appends, names, {
      deadline: new Deadline(patience.commandMs),
      stopped: closed,
    });
    // What this process knows must not decide over an index that others have made of the log as it
    // is.
    if (known.countedAt) await continuity.assertSame();
    const start = await startPoint({ index, server, names, known, patience }, origin);
    subscription.begin('the index is counted again');
    known.begin(start);
    return start.row;
  };

  return {
    names,
    clock,
    known,
    connection,
    continuity,
    subscription,
    arrival,
    server,
    rows,
    fetch,
    reading,
    count,
    appending: new Appending({ appends, known, arrival, reading, queues, names, clock, patience }),
    claims: new ClaimStore({ appends, server, queues, names, clock, patience, closed }),
    catchUp: new CatchUp(new LogEnd(server, names), arrival),
    keeping: new IndexKeeping({
      index,
      known,
      subscription,
      keepsIndex,
      report,
      countAgain: count,
    }),
  };
}
