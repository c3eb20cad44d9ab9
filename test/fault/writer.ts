import { writeSync } from 'node:fs';
import { SqliteEventLog } from '../../libs/event-log/sqlite/sqlite-event-log.js';
import { LANES, plannedAppend } from './writer-plan.js';

// Appends in parallel until it is killed, and reports each acknowledged append on stdout.
const [file = '', startTurns = '[]'] = process.argv.slice(2);
const turns = JSON.parse(startTurns) as number[];

// A synchronous write: the kill cannot lose the report of an acknowledged append.
const say = (line: string): void => void writeSync(1, `${line}\n`);

const log = await SqliteEventLog.open({ file, clock: () => Date.now() });
say('ready');
await Promise.all(
  Array.from({ length: LANES }, async (_, lane) => {
    for (let turn = turns[lane] ?? 0; ; turn++) {
      const { events, repeated } = await log.append(plannedAppend(lane, turn));
      say(`${lane} ${turn} ${events[0]?.position} ${repeated}`);
    }
  }),
);
