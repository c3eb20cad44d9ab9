import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it } from '@jest/globals';
import { backend } from '../support/backend.js';
import { Service, newDataDir } from '../support/service.js';

const dataDir = newDataDir();
const file = join(dataDir, 'log.db');
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const partner = (legalName: string) => ({ legalName, country: 'JP', model: 'indirect-reseller' });

async function ended(service: Service): Promise<number | null> {
  for (
    const endMs = Date.now() + 10_000;
    Date.now() < endMs;
    await new Promise((resolve) => setTimeout(resolve, 50))
  )
    if (service.exitCode !== null) break;
  return service.exitCode;
}

// The same for EventStoreDB: test/contract/eventstoredb/restored-log.spec.ts.
(backend === 'embedded' ? it : it.skip)(
  'a log file restored under a running service ends it, and the next start shows the file as it is',
  async () => {
    const service = await Service.start({ dataDir });
    await service.as('operator').put('/v1/partners/kept', partner('Kept'));
    const database = new DatabaseSync(file);
    database.prepare('VACUUM INTO ?').run(join(dataDir, 'copy.db'));
    database.close();
    const lost = await service.as('operator').put('/v1/partners/lost', partner('Lost'));
    await service.as('operator').get(`/v1/partners?minPosition=${lost.position}`);

    renameSync(join(dataDir, 'copy.db'), file);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await service.as('operator').get('/health/ready')).status).toBe(503);
    expect((await service.as('operator').get('/v1/partners')).status).toBe(503);
    expect((await service.as('operator').put('/v1/partners/new', partner('New'))).status).toBe(503);
    const metrics = await fetch(`${service.url}/metrics`, {
      headers: { authorization: `Bearer ${service.keyOf('operator')}` },
    });
    expect(await metrics.text()).toContain('sekisho_reports_total{kind="log-went-back"} 1');
    expect(await ended(service)).toBe(4);
    expect(service.output()).toMatch(/"level":"fatal".*was replaced by another file/);

    for (const end of ['-wal', '-shm']) if (existsSync(file + end)) rmSync(file + end);
    const next = await Service.start({ dataDir });
    const { position } = await next.as('operator').put('/v1/partners/new', partner('New'));
    const listed = await next
      .as('operator')
      .get<{ items: { partnerId: string }[] }>(`/v1/partners?minPosition=${position}`);
    expect(listed.body.items.map(({ partnerId }) => partnerId)).toEqual(['kept', 'new']);
    expect((await next.stop()).code).toBe(0);
  },
  60_000,
);
