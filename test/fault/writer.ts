import { writeSync } from 'node:fs';
import { SqliteEventLog } from '../../libs/event-log/sqlite/sqlite-event-log.js';
import { LANES, plannedAppend } from './writer-plan.js';

// Appends for as long as it lives, many at once, and says on stdout what was acknowledged. To be
// killed.
const [file = '', startTurns = '[]'] = process.argv.slice(2);
const turns = JSON.parse(startTurns) as number[];

// The write is synchronous: what the parent reads was acknowledged, however soon the kill comes.
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
