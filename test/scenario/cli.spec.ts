import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { demonstration } from '../../apps/cli/demo/demonstration.js';
import { refusedOrders } from '../../apps/cli/demo/refused-orders.js';
import { demoCommandId } from '../../apps/cli/demo/step.js';
import type { StoredDecision } from '../../libs/domain/order/stored-decision.js';
import { reasonsOf } from '../../libs/domain/gate/rulebook.js';
import { canonicalJson } from '../../libs/event-log/canonical.js';
import { type Ran, sekisho, spawnSekisho } from '../support/command-line.js';
import type { LogEvent } from '../support/answers.js';
import { expectDemonstratedPartners } from '../support/demonstrated-partners.js';
import { Service } from '../support/service.js';
import { wholeLog } from '../support/whole-log.js';

const folder = mkdtempSync(join(tmpdir(), 'sekisho-cli-'));
const dataDir = join(folder, 'data');
/** A copy of the data directory, made before the service starts. */
const copied = join(folder, 'copied');
const order = JSON.parse(readFileSync('apps/cli/examples/order.json', 'utf8')) as Record<
  string,
  unknown
>;
const refusedFile = 'apps/cli/examples/refused.json';
const orderFile = 'apps/cli/examples/order.json';

let service: Service;
let seeded: Ran;

/**
 * The commands of this file run beside a service on the demonstration data. The first seed is
 * killed and the second completes it.
 */
beforeAll(async () => {
  await spawnSekisho(['seed'], { dataDir, killAfterMs: 1_800 });
  seeded = await sekisho(['seed'], { dataDir });
  cpSync(dataDir, copied, { recursive: true });
  service = await Service.start({ dataDir });
}, 60_000);
afterAll(async () => {
  expect((await service.stop()).code).toBe(0);
  rmSync(folder, { recursive: true, force: true });
}, 10_000);

const seededMonth = (): string =>
  /The demonstration of (\d{4}-\d{2})/.exec(seeded.stdout)?.[1] ?? '';
const run = (...args: string[]): Promise<Ran> => sekisho(args, { dataDir });
/** Runs in a separate process. The first use of each command does; later uses share a process. */
const spawned = (...args: string[]): Promise<Ran> => spawnSekisho(args, { dataDir });

/** The log as the running service returns it. */
const log = (): Promise<readonly LogEvent[]> => wholeLog(service.as('auditor'));
const lines = ({ stdout }: Ran): readonly string[] => stdout.trimEnd().split('\n');

describe('seed', () => {
  it('writes the demonstration, and nothing to standard error', () => {
    expect(seeded).toMatchObject({ code: 0, stderr: '' });
    expect(seeded.stdout).toContain(
      '10 partners, 23 customers, 6 price lists, 190 orders placed (4 of them cancelled), 19 refused, ',
    );
    expect(seeded.stdout).toMatch(/ refused, \d{4} entries of revenue\.\n/);
  });

  it('gets each refused order refused for the reason it demonstrates', async () => {
    const refusals = (await log()).filter(({ type }) => type === 'OrderRefused');
    const reasons = refusals.map(({ data }) =>
      reasonsOf((data as { decision: StoredDecision }).decision),
    );
    expect(reasons).toEqual(refusedOrders.map((one) => one.reasons));
  });

  it('prints commands that work as printed: a first order, a first refusal and the reads of partners', async () => {
    const commands = seeded.stdout
      .slice(seeded.stdout.indexOf('\n'))
      .replaceAll('http://127.0.0.1:3000', service.url);
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', commands]);
    const answers = stdout.split('\n');
    const [first, refusal, ...reads] = answers
      .slice(0, 9)
      .map((line) => JSON.parse(line) as { status: unknown; type?: string });
    expect(first).toMatchObject({ status: 'placed', total: { currency: 'JPY' } });
    expect(refusal).toMatchObject({
      type: '/problems/order-refused',
      reasons: ['tenant-csp-associated'],
    });
    expectDemonstratedPartners(reads, answers.slice(9), seededMonth());
  });

  it('changes nothing when it is repeated beside the running service', async () => {
    const before = await log();
    const again = await run('seed');
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('nothing was written');
    expect(await log()).toEqual(before);
  });

  it('takes every step once and in order when it is killed and repeated', async () => {
    const taken = new Set<unknown>((await log()).map(({ metadata }) => metadata['commandId']));
    const steps: readonly unknown[] = demonstration(seededMonth(), seededMonth()).map(({ key }) =>
      demoCommandId(key),
    );
    const known = new Set(steps);
    expect([...taken].filter((id) => known.has(id))).toEqual(steps.filter((id) => taken.has(id)));
    expect(steps.filter((id) => !taken.has(id))).toEqual([]);
  });

  it('leaves a log with other partners unchanged', async () => {
    const elsewhere = await Service.start({ dataDir: join(folder, 'other') });
    await elsewhere.as('operator').put('/v1/partners/somebody', {
      legalName: 'Somebody',
      country: 'JP',
      model: 'indirect-reseller',
    });
    const before = await wholeLog(elsewhere.as('auditor'));
    const { code, stderr } = await sekisho(['seed'], { dataDir: elsewhere.dataDir });
    expect(code).toBe(3);
    expect(stderr).toContain('nothing was written');
    expect(await wholeLog(elsewhere.as('auditor'))).toEqual(before);
    await elsewhere.stop();
  }, 20_000);
});

describe('order check', () => {
  it('reports that an order would pass, and writes nothing', async () => {
    const before = (await log()).length;
    const { code, stdout } = await run('order', 'check', orderFile);
    expect(code).toBe(0);
    expect(stdout).toContain('This order would be accepted');
    expect(await log()).toHaveLength(before);
  });

  it('reports every reason and what to do in the reader’s language, and exits with 1', async () => {
    const { code, stdout } = await run('order', 'check', refusedFile, '--lang', 'ja');
    expect(code).toBe(1);
    expect(stdout).toContain('TENANT-1 tenant-csp-associated');
    expect(stdout).toContain('販売することはできません');
  });

  it('checks an order as of another day and as known earlier', async () => {
    const { code, stdout } = await run('order', 'check', orderFile, '--known-at', '0', '--json');
    const { decision, knownAt } = JSON.parse(stdout) as {
      decision: { checks: { reason?: string }[] };
      knownAt: string;
    };
    // The first append of a log includes its first ruleset: no earlier position is without one.
    expect([code, knownAt]).toEqual([1, '6']);
    expect(decision.checks.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining(['seller-unknown', 'customer-unknown']),
    );
  });

  it('lists every error of a malformed body and exits with 2', async () => {
    const { code, stdout, stderr } = await spawnSekisho(['order', 'check', '-'], {
      dataDir,
      // Some editors save a byte order mark first: the command accepts it.
      input: `\ufeff${JSON.stringify({ ...order, currency: 'yen', lines: [], extra: 1 })}`,
    });
    expect([code, stdout]).toEqual([2, '']);
    for (const fault of ['/currency  pattern', '/lines  length', '/extra  unknown-field'])
      expect(stderr).toContain(fault);
  });
});

describe('order place, beside the running service', () => {
  it('places an order that the service then returns', async () => {
    const { code, stdout } = await spawned('order', 'place', orderFile, '--json');
    const { orderId, position } = JSON.parse(stdout) as { orderId: string; position: string };
    const { status, body } = await service
      .as('auditor')
      .get(`/v1/orders/${orderId}?minPosition=${position}`);
    expect([code, status]).toEqual([0, 200]);
    expect(body).toMatchObject({ status: 'placed' });
  });

  it('records a refusal with every reason and exits with 1', async () => {
    const { code, stdout } = await run('order', 'place', refusedFile);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^refused {2}[0-9a-f-]{36}\n.*TENANT-1 tenant-csp-associated/);
  });

  it('places an order once for a key, and refuses another order with that key', async () => {
    const key = randomUUID();
    const [first, second] = [
      await run('order', 'place', orderFile, '--key', key),
      await run('order', 'place', orderFile, '--key', key),
    ];
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(second.stdout.split('  ')[1]).toBe(first.stdout.split('  ')[1]);
    expect(second.stdout).toContain('by an earlier run with this key');
    expect((await run('order', 'place', refusedFile, '--key', key)).code).toBe(2);
  });
});

describe('explain', () => {
  it('shows each rule with its facts, the events that prove it and its source', async () => {
    await run('order', 'place', refusedFile);
    const { code, stdout } = await spawned('explain', 'latest');
    expect(code).toBe(0);
    for (const shown of [
      /TENANT-1 +FAIL +tenant-csp-associated/,
      /proved by partner-sakura-systems@\d+ PartnerMembershipStarted/,
      /CREDIT-1 +not applicable/,
      /“A partner may not sell/,
    ]) {
      expect(stdout).toMatch(shown);
    }
  });

  it('finds an order by its id, also without a service', async () => {
    const alone = join(folder, 'alone');
    cpSync(copied, alone, { recursive: true });
    const { orderId } = JSON.parse(
      (await sekisho(['order', 'place', orderFile, '--json'], { dataDir: alone })).stdout,
    ) as {
      orderId: string;
    };
    const { code, stdout } = await sekisho(['explain', orderId, '--json'], { dataDir: alone });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      orderId,
      status: 'placed',
      decision: { outcome: 'accepted' },
    });
    expect((await sekisho(['explain', randomUUID()], { dataDir: alone })).code).toBe(3);
  }, 20_000);
});

describe('replay', () => {
  it('finds no difference in an unchanged log', async () => {
    const { code, stdout, stderr } = await spawned('replay');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('No difference.');
  });

  it('lists the orders whose outcome differs on another day, and exits with 1', async () => {
    const { code, stdout } = await run(
      'replay',
      '--as-of',
      '2020-01-01',
      '--known-at',
      '250',
      '--json',
    );
    const { knownAt, findings, differing } = JSON.parse(stdout) as {
      knownAt: string;
      findings: unknown[];
      differing: { would: string; reasons: string[] }[];
    };
    expect([code, knownAt, findings]).toEqual([1, '250', []]);
    expect(differing.length).toBeGreaterThan(50);
    expect(
      differing.every(
        ({ would, reasons }) =>
          would === 'refused' && reasons.includes('agreement-not-yet-effective'),
      ),
    ).toBe(true);
  });

  it('finds an event that was changed in the file', async () => {
    const tampered = join(folder, 'tampered');
    cpSync(copied, tampered, { recursive: true });
    const database = new DatabaseSync(join(tampered, 'log.db'));
    database.exec(
      `UPDATE events SET data = replace(data, '"outcome":"refused"', '"outcome":"accepted"') WHERE position = (SELECT min(position) FROM events WHERE data LIKE '%"outcome":"refused"%')`,
    );
    database.close();
    const { code, stdout } = await sekisho(['replay'], { dataDir: tampered });
    expect(code).toBe(1);
    expect(stdout).toMatch(/OrderRefused {2}changed content: its id/);
    expect(stdout).toMatch(/OrderRefused {2}decision not reproduced: outcome accepted → refused/);
  });
});

describe('export', () => {
  it('writes every event in canonical form with its position, and totals to verify it', async () => {
    const ran = await spawned('export');
    const events = lines(ran).map((line) => JSON.parse(line) as { position: string });
    expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => String(index)));
    expect(lines(ran)[7]).toBe(canonicalJson(events[7]));
    expect(ran.stderr).toContain(`events ${events.length}\n`);
    expect(ran.stderr).toContain(`sha256 ${createHash('sha256').update(ran.stdout).digest('hex')}`);
  });

  it('writes the events after a position into a file', async () => {
    const file = join(folder, 'log.ndjson');
    expect((await run('export', '--after', '9', '--out', file)).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/^\{.*"position":"10"/);
  });
});

describe('operating', () => {
  it('rebuilds a projection of the running service', async () => {
    const { code, stdout } = await spawned('rebuild', 'orders');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^orders is rebuilt up to position \d+, \d+ rows compared\.\n$/);
  });

  it('starts a day once, activates rulesets and applies policies, and reports what it cannot do', async () => {
    const today = new Date().toISOString().slice(0, 10);
    // The service has started the day already.
    expect(await spawned('tick', '--on', today)).toMatchObject({ code: 0, stdout: '' });
    const wrong = join(folder, '2027-01-01.json');
    writeFileSync(wrong, '{ "tenantCheckMaxAge": 30 }');
    const runs = [
      spawned('policy', 'apply', 'policies/2025-10-01.json'),
      run('policy', 'apply', wrong),
      run('tick', '--on', '9000-01-01'),
      spawned('ruleset', 'activate', 'nobody-knows'),
    ];
    const [applied, ...others] = await Promise.all(runs);
    expect(applied?.stdout).toContain('PolicyPublished');
    expect(others.map(({ code }) => code)).toEqual([2, 1, 1]);
  }, 30_000);
});
