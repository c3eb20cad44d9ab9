import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Client } from '../support/client.js';
import { Service, newDataDir } from '../support/service.js';
import { rmSync } from 'node:fs';

interface Projections {
  readonly items: readonly {
    readonly name: string;
    readonly position: string;
    readonly lag: number;
  }[];
}

const TAKEN_OVER_WITHIN_MS = 8_000;

describe('projectors beside a service that does not project', () => {
  const dataDir = newDataDir();
  let service: Service;
  const projectors: Service[] = [];
  let operator: Client;

  beforeAll(async () => {
    service = await Service.start({ dataDir, env: { PROJECTION: 'elsewhere' } });
    operator = service.as('operator');
    for (const port of ['0', '0'])
      projectors.push(
        await Service.start({
          dataDir,
          command: 'projector',
          env: { PROJECTOR_PORT: port, LOG_LEVEL: 'info' },
        }),
      );
  }, 60_000);
  afterAll(async () => {
    for (const one of [...projectors, service]) await one.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('fill the lists once, and all report it', async () => {
    const put = await operator.put('/v1/partners/kansai', {
      legalName: 'Kansai',
      country: 'JP',
      model: 'indirect-reseller',
    });
    expect(put.status).toBe(201);
    const listed = await operator.get(`/v1/partners?minPosition=${put.position}`);
    expect(listed.body).toMatchObject({ items: [{ partnerId: 'kansai' }] });

    for (const projector of projectors) {
      const client = projector.as('auditor');
      expect((await client.get('/health/ready')).status).toBe(200);
      const { items } = (await client.get<Projections>('/v1/projections')).body;
      expect(items.map(({ lag }) => lag)).toEqual(items.map(() => 0));
      const metrics = await fetch(`${projector.url}/metrics`, {
        headers: { authorization: `Bearer ${projector.keyOf('auditor')}` },
      });
      expect(await metrics.text()).toMatch(
        /^sekisho_projection_lag_events\{projection="orders"\} 0$/m,
      );
    }
  });

  it('take no commands', async () => {
    const answer = await projectors[0]!
      .as('operator')
      .put('/v1/partners/x', { legalName: 'X', country: 'JP', model: 'direct-bill' });
    expect(answer.status).toBe(404);
  });

  it('take over within seconds when the working one is killed', async () => {
    const working = projectors.findIndex((projector) =>
      projector.output().includes('lease-acquired'),
    );
    expect(working).toBeGreaterThanOrEqual(0);
    const [killed] = projectors.splice(working, 1);
    await killed!.kill();

    const put = await operator.put('/v1/partners/kanto', {
      legalName: 'Kanto',
      country: 'JP',
      model: 'indirect-reseller',
    });
    const position = put.position;
    const since = Date.now();
    let listed = await operator.get(`/v1/partners?minPosition=${position}`);
    while (listed.status === 503 && Date.now() - since < TAKEN_OVER_WITHIN_MS)
      listed = await operator.get(`/v1/partners?minPosition=${position}`);
    expect(listed.body).toMatchObject({ items: [{ partnerId: 'kansai' }, { partnerId: 'kanto' }] });
    expect(projectors[0]!.output()).toContain('lease-acquired');
  });
});
