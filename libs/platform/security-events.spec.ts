import { describe, expect, it } from '@jest/globals';
import { createLogger } from './logging.js';
import { Metrics } from './metrics.js';
import { type SecurityEvent, SecurityEvents } from './security-events.js';

function watched() {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger('info', {
    write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  const metrics = new Metrics();
  let nowMs = 0;
  const events = new SecurityEvents(logger, metrics, () => nowMs);
  return { lines, metrics, events, pass: (seconds: number) => (nowMs += seconds * 1000) };
}
const refused: SecurityEvent = {
  kind: 'unauthorized',
  key: 'unknown',
  peer: '192.0.2.1',
  method: 'POST',
  route: '/v1/orders',
  correlationId: 'c',
  status: 401,
};

describe('SecurityEvents', () => {
  it('logs at warn, and at info what is only informational', () => {
    const { events, lines } = watched();
    events.report(refused);
    events.report({ ...refused, kind: 'first-use', key: 'key:shop' });
    expect(lines.map(({ level, msg, kind }) => [level, msg, kind])).toEqual([
      ['warn', 'security event', 'unauthorized'],
      ['info', 'security event', 'first-use'],
    ]);
    expect(lines[0]).toMatchObject(refused);
  });

  it('logs ten events per source and minute, then a count; the metric counts all', async () => {
    const { events, lines, metrics, pass } = watched();
    for (let index = 0; index < 1_000; index++) events.report(refused);
    expect(lines).toHaveLength(10);
    pass(60);
    events.report(refused);
    expect(lines.slice(10)).toMatchObject([
      { msg: 'security events not shown', kind: 'unauthorized', key: 'unknown', notShown: 990 },
      refused,
    ]);
    expect((await metrics.text()).body).toContain(
      'sekisho_security_events_total{kind="unauthorized"} 1001',
    );
  });

  it('logs events of another peer, route or key during a flood', () => {
    const { events, lines } = watched();
    for (let index = 0; index < 100; index++) events.report(refused);
    for (const other of [{ peer: '192.0.2.2' }, { route: '/v1/events' }, { key: 'key:shop' }])
      events.report({ ...refused, ...other });
    expect(lines).toHaveLength(13);
  });

  it('bounds lines and memory for any number of sources', () => {
    const { events, lines } = watched();
    for (let index = 0; index < 20_000; index++)
      events.report({ ...refused, key: `jwt:i|${index}`, peer: `2001:db8::${index.toString(16)}` });
    expect(lines).toHaveLength(600);
    events.flush();
    const sums = lines.slice(600);
    expect(sums).toHaveLength(201);
    expect(sums.reduce((sum, { notShown }) => sum + Number(notShown), 0)).toBe(19_400);
  });

  it('logs one kind while another has reached its limit', () => {
    const { events, lines } = watched();
    for (let index = 0; index < 700; index++)
      events.report({ ...refused, peer: `10.0.${index >> 8}.${index & 255}` });
    events.report({ ...refused, kind: 'forbidden', status: 403 });
    expect(lines.at(-1)).toMatchObject({ kind: 'forbidden' });
  });

  it('has a series of every kind from the start on, so that the first one is an increase', async () => {
    const { metrics } = watched();
    expect((await metrics.text()).body).toContain(
      'sekisho_security_events_total{kind="forbidden"} 0',
    );
  });
});
