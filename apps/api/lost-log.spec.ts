import { describe, expect, it } from '@jest/globals';
import { createLogger } from '../../libs/platform/logging.js';
import { Metrics } from '../../libs/platform/metrics.js';
import { LostLog } from './lost-log.js';
import { operationReporter } from './operation-reports.js';

const REASON = 'the log ends before the last seen position';

function watched(readWithinMs: number) {
  const lines: string[] = [];
  const metrics = new Metrics();
  const ending = new LostLog(metrics, readWithinMs);
  const report = ending.watching(
    operationReporter(createLogger('info', { write: (line) => void lines.push(line) }), metrics),
  );
  return { lines, metrics, ending, report };
}

describe('a process whose log went back in time', () => {
  it('logs at level fatal, and ends when its metrics have been read', async () => {
    const { lines, metrics, ending, report } = watched(60_000);
    report({ kind: 'log-went-back', reason: REASON });
    expect(ending.isReached).toBe(true);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      level: 'fatal',
      kind: 'log-went-back',
      reason: REASON,
    });
    expect((await metrics.text()).body).toContain('sekisho_reports_total{kind="log-went-back"} 1');
    expect(await ending.reached).toBe(REASON);
  });

  it('ends a little later when nothing reads the metrics', async () => {
    const { ending, report } = watched(10);
    report({ kind: 'log-went-back', reason: REASON });
    expect(await ending.reached).toBe(REASON);
  });

  it('continues after every other report', () => {
    const { ending, report } = watched(0);
    report({ kind: 'log-index-differs', position: 3 });
    expect(ending.isReached).toBe(false);
  });
});
