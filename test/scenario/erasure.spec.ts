import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Problem } from '../support/answers.js';
import type { Client } from '../support/client.js';
import { sekisho, spawnSekisho } from '../support/command-line.js';
import { Service } from '../support/service.js';
import { wholeLog } from '../support/whole-log.js';
import { World } from '../support/world.js';

/** An erasure fails while another process reads the keys. Only the owner can read the files. */
let folder: string;
let dataDir: string;
let service: Service;
let operator: Client;
let world: World;

const WIDE = ['log.db', 'keys.db', 'read-models.db'];

beforeAll(async () => {
  // An existing directory whose files others may read, and an umask that hides nothing.
  folder = mkdtempSync(join(tmpdir(), 'sekisho-erasure-'));
  dataDir = join(folder, 'data');
  mkdirSync(join(dataDir, 'uploads'), { recursive: true });
  for (const name of WIDE) {
    writeFileSync(join(dataDir, name), '');
    chmodSync(join(dataDir, name), 0o644);
  }
  for (const name of ['.', 'uploads']) chmodSync(join(dataDir, name), 0o755);
  const before = process.umask(0);
  try {
    await start();
  } finally {
    process.umask(before);
  }
}, 120_000);

afterAll(async () => {
  await service.kill();
  rmSync(folder, { recursive: true });
});

async function start(): Promise<void> {
  service = await Service.start({ dataDir });
  operator = service.as('operator');
  world = new World(operator, new Date().toISOString().slice(0, 10));
}

/** Another program that has the keys open, such as a backup. */
function reading(): { readonly end: () => void } {
  const reader = new DatabaseSync(join(dataDir, 'keys.db'));
  reader.exec('BEGIN; SELECT count(*) FROM keys;');
  return { end: () => reader.close() };
}

async function signed(): Promise<{ readonly tenantId: string; readonly key: Buffer }> {
  const tenantId = await world.customer();
  await world.sign(tenantId);
  const reader = new DatabaseSync(join(dataDir, 'keys.db'), { readOnly: true });
  const row = reader.prepare('SELECT key FROM keys WHERE subject = ?').get(`customer:${tenantId}`);
  reader.close();
  return { tenantId, key: Buffer.from(row!['key'] as Uint8Array) };
}

/**
 * Runs in a separate process: closing a file in this process would release the reader's locks on
 * it.
 */
const isThere = (key: Buffer): boolean =>
  execFileSync(
    'cat',
    readdirSync(dataDir).filter((name) => name !== 'uploads'),
    { cwd: dataDir, maxBuffer: 64 * 1024 * 1024 },
  ).includes(key);
const erase = (tenantId: string) =>
  operator.delete<Problem>(`/v1/customers/${tenantId}/personal-data`);
const erasures = async (tenantId: string) =>
  (await wholeLog(operator, `&stream=customer-${tenantId}`)).filter(
    ({ type }) => type === 'PersonalDataErased',
  );

async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const until = performance.now() + 15_000; !(await holds());) {
    if (performance.now() > until) throw new Error('it did not come true');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('an erasure while another program reads the keys', () => {
  it('answers 503 at once, blocks no other request, is not recorded, and completes by itself', async () => {
    const { tenantId, key } = await signed();
    const reader = reading();
    const from = performance.now();
    const erased = Promise.all([erase(tenantId), erase(tenantId)]);
    const others: number[] = [];
    for (let time = 0; time < 10; time += 1) {
      const asked = performance.now();
      expect((await operator.get(`/v1/customers/${tenantId}`)).status).toBe(200);
      others.push(performance.now() - asked);
    }
    for (const { status, body, headers } of [...(await erased), await erase(tenantId)])
      expect({ status, type: body.type, retryAfter: headers.get('retry-after') }).toEqual({
        status: 503,
        type: '/problems/erasure-pending',
        retryAfter: '2',
      });
    expect(performance.now() - from).toBeLessThan(4_000);
    expect(Math.max(...others)).toBeLessThan(1_000);
    expect(isThere(key)).toBe(true);
    expect(await erasures(tenantId)).toEqual([]);
    expect((await operator.get(`/v1/customers/${tenantId}`)).text).not.toContain('erased');
    // Another person's data is sealed meanwhile.
    await signed();

    reader.end();
    await eventually(() => !isThere(key));
    await eventually(async () => (await erasures(tenantId)).length === 1);
    expect((await erase(tenantId)).status).toBe(204);
    expect(await erasures(tenantId)).toEqual([
      expect.objectContaining({ metadata: expect.objectContaining({ actor: 'key:dev-operator' }) }),
    ]);
  });

  it('is completed by the next start after a crash', async () => {
    const { tenantId, key } = await signed();
    const reader = reading();
    expect((await erase(tenantId)).status).toBe(503);
    await service.kill();
    reader.end();
    await start();
    expect(isThere(key)).toBe(false);
    expect(await erasures(tenantId)).toHaveLength(1);
  }, 60_000);
});

describe('sekisho shred', () => {
  it('erases beside a running service, and reports when it cannot erase yet', async () => {
    const { tenantId, key } = await signed();
    const reader = reading();
    const pending = await spawnSekisho(['shred', tenantId], { dataDir });
    expect({ code: pending.code, stdout: pending.stdout }).toEqual({ code: 3, stdout: '' });
    expect(pending.stderr).toContain('not erased yet');
    reader.end();
    const done = await sekisho(['shred', tenantId.toUpperCase()], { dataDir });
    expect(done.code).toBe(0);
    expect(isThere(key)).toBe(false);
    expect(await sekisho(['shred', tenantId, '--lang', 'ja'], { dataDir })).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('すでに消去'),
    });
  }, 60_000);
});

describe('data files', () => {
  it('are readable by their owner only, in a directory that others may read', () => {
    const modes = readdirSync(dataDir).map((name) => [
      name,
      (statSync(join(dataDir, name)).mode & 0o777).toString(8),
    ]);
    expect(modes.length).toBeGreaterThan(6);
    expect(modes.filter(([name, mode]) => mode !== (name === 'uploads' ? '700' : '600'))).toEqual(
      [],
    );
    expect(statSync(dataDir).mode & 0o777).toBe(0o755);
  });
});
