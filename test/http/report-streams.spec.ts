import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiModule } from '../../apps/api/api.module.js';
import { createHttp, type HttpService } from '../../apps/api/http/bootstrap.js';
import { ApplicationModule } from '../../libs/application/application.module.js';
import {
  type OpenedInfrastructure,
  openInfrastructure,
} from '../../libs/application/open-infrastructure.js';
import { orderId, partnerId, tenantId } from '../../libs/domain/shared/ids.js';
import { ApiKeys, digestOfKey } from '../../libs/platform/authentication/api-keys.js';
import { BearerAuthenticator } from '../../libs/platform/authentication/authenticator.js';
import { readConfiguration } from '../../libs/platform/configuration.js';
import { createLogger } from '../../libs/platform/logging.js';
import type {
  OrdersAtPosition,
  OrdersAtPositionQuery,
} from '../../libs/read-models/read-models.js';
import { order, tenant } from '../../libs/read-models/testing/sample-log.js';

const KEY = 'reporting-of-the-streams';
const PAGE = 500;

/**
 * The orders of a read model without end, or until it fails. `read` counts the pages that were
 * requested.
 */
const pages = { read: 0, failsAt: Infinity, count: Infinity };

async function ordersAtPosition({ after = -1 }: OrdersAtPositionQuery): Promise<OrdersAtPosition> {
  pages.read += 1;
  if (pages.read >= pages.failsAt) throw new Error('the store is away');
  await sleep(1);
  const items = Array.from({ length: PAGE }, (_order, index) => ({
    orderId: orderId(order(after + 1 + index)),
    kind: 'new' as const,
    tenantId: tenantId(tenant(1)),
    partnerId: partnerId('res-1'),
    status: 'placed' as const,
    currency: 'JPY',
    total: { amount: '100', currency: 'JPY' },
    lineCount: 1,
    placedAt: '2026-11-22T10:00:00.000Z',
    date: '2026-11-22',
    reasons: [],
    position: after + 1 + index,
    revision: index,
  }));
  return { items, next: pages.read >= pages.count ? undefined : after + PAGE };
}

describe('a streamed report', () => {
  let infrastructure: OpenedInfrastructure;
  let http: HttpService;
  let url: string;
  let dataDir: string;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'sekisho-report-streams-'));
    infrastructure = await openInfrastructure(
      readConfiguration({ DATA_DIR: dataDir, EVENT_LOG: 'memory' }),
      {
        role: 'service',
        report: () => undefined,
      },
    );
    const readModels = Object.assign(
      Object.create(infrastructure.readModels) as typeof infrastructure.readModels,
      { ordersAtPosition },
    );
    const keys = new ApiKeys([{ id: 'reporting', sha256: digestOfKey(KEY), roles: ['reporting'] }]);
    http = await createHttp(ApiModule.on(ApplicationModule.on({ ...infrastructure, readModels })), {
      authenticator: new BearerAuthenticator(keys, undefined),
      logger: createLogger('silent'),
    });
    url = await http.listen('127.0.0.1', 0);
  }, 30_000);
  afterEach(() => {
    Object.assign(pages, { read: 0, failsAt: Infinity, count: Infinity });
  });
  afterAll(async () => {
    await http.close();
    await infrastructure.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const open = (format: string, signal?: AbortSignal): Promise<Response> =>
    fetch(`${url}/v1/reports/orders?format=${format}`, {
      headers: { authorization: `Bearer ${KEY}` },
      ...(signal ? { signal } : {}),
    });
  /** The number of pages when no more are read. */
  const settled = async (): Promise<number> => {
    for (let before = -1; before !== pages.read; await sleep(250)) before = pages.read;
    return pages.read;
  };
  const formats = ['json', 'csv', 'ndjson', 'parquet'];

  it.each(['json', 'csv', 'ndjson'])(
    'as %s is read no faster than the client takes it',
    async (format) => {
      const leaving = new AbortController();
      const { body } = await open(format, leaving.signal);
      await body!.getReader().read();
      // The buffers of both sides hold some rows; the report itself is endless.
      expect((await settled()) * PAGE).toBeLessThan(100_000);
      leaving.abort();
    },
    20_000,
  );

  it.each(formats)('as %s is not read further after the client disconnects', async (format) => {
    const leaving = new AbortController();
    const { body } = await open(format, leaving.signal);
    await body!.getReader().read();
    leaving.abort();
    const read = await settled();
    await sleep(300);
    expect(pages.read).toBe(read);
  });

  it.each(formats)(
    'as %s is cut off when reading fails, so that a client cannot take it for complete',
    async (format) => {
      pages.failsAt = 20;
      const response = await open(format);
      expect(response.status).toBe(200);
      await expect(response.arrayBuffer()).rejects.toThrow('terminated');
    },
  );

  it('answers 500 when reading fails before the first byte', async () => {
    pages.failsAt = 1;
    const response = await open('csv');
    expect([response.status, response.headers.get('content-type')]).toEqual([
      500,
      'application/problem+json; charset=utf-8',
    ]);
    expect(response.headers.get('content-disposition')).toBeNull();
  });

  it('as CSV has its totals after the last row', async () => {
    pages.count = 3;
    const trailers = await new Promise<NodeJS.Dict<string>>((resolve, reject) => {
      const asked = request(
        `${url}/v1/reports/orders?format=csv`,
        { headers: { authorization: `Bearer ${KEY}` } },
        (response) => {
          response.resume().once('end', () => resolve(response.trailers));
        },
      );
      asked.once('error', reject).end();
    });
    expect(JSON.parse(trailers['report-totals'] ?? '')).toEqual({
      rowCount: 3 * PAGE,
      controlTotals: {
        total: [{ amount: String(3 * PAGE * 100), currency: 'JPY' }],
        lineCount: 3 * PAGE,
      },
    });
  });
});
