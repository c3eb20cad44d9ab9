// Longer than 300 lines: every operation by a key with a partner scope, over one service
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { partnerId } from '../../libs/domain/shared/ids.js';
import { applicationIdOf, commandIdFrom, revenueIdOf } from '../../libs/event-log/identity.js';
import type { Page } from '../support/answers.js';
import type { Answer, Client } from '../support/client.js';
import { newDataDir, Service } from '../support/service.js';
import { LONG_AGO, orderOf, World } from '../support/world.js';
import { fetchDocument, isCommand, type Operation, operationsOf } from './api-document.js';
import {
  addressOf,
  cspTenantOf,
  entityWithPayment,
  inBatches,
  type Kind,
  kinds,
  lineOf,
  matrix,
  reconciliationFile,
  reconciliationOf,
  type MatrixLine,
  type Subject,
} from './scope-matrix.js';

/** What a key that is limited to partners may do, for every operation of the router. */
const today = new Date().toISOString().slice(0, 10);
const [MINE, THEIRS] = ['mine', 'theirs'];

let service: Service;
let operator: Client;
let scoped: Client;
let world: World;
let operations: readonly Operation[];
const applications: Record<string, string> = {};

beforeAll(async () => {
  const dataDir = newDataDir();
  const key = (id: string, limits: object = {}) => ({
    id,
    sha256: createHash('sha256').update(secret(id)).digest('hex'),
    roles: ['operator'],
    ...limits,
  });
  const file = join(dataDir, 'keys.json');
  writeFileSync(
    file,
    JSON.stringify({ keys: [key('operator'), key('scoped', { partnerIds: [MINE] })] }),
  );
  // A batch of requests has several uploads.
  const limits = { LIMIT_UPLOADS: '100', LIMIT_UPLOADS_IN_ALL: '100' };
  service = await Service.start({ dataDir, env: { API_KEYS_FILE: file, ...limits } });
  [operator, scoped] = [service.withKey(secret('operator')), service.withKey(secret('scoped'))];
  world = new World(operator, today);
  for (const one of [MINE, THEIRS]) {
    await world.say('PUT', `/v1/partners/${one}`, {
      legalName: one,
      country: 'JP',
      model: 'indirect-reseller',
      cspTenantIds: [cspTenantOf(one)],
    });
    applications[one] = String(
      (await world.say('POST', `/v1/partners/${one}/direct-bill-applications`))['applicationId'],
    );
    const { entity, payment } = entityWithPayment(one, today);
    await world.say('PUT', ...entity);
    const recorded = await operator.post('/v1/payments', payment, { key: `payment-${one}` });
    expect(recorded.status).toBe(201);
    const file = `/v1/reconciliations/${reconciliationOf(one)}`;
    await world.say('POST', file, reconciliationFile(one));
  }
  operations = operationsOf(await fetchDocument(service.url)).filter(({ path }) =>
    path.startsWith('/v1/'),
  );
}, 90_000);
afterAll(async () => {
  await service.stop();
  service.remove();
});

const secret = (id: string): string => `${id}-${'s'.repeat(32)}`;
const head = async (): Promise<string> =>
  String((await operator.get('/health/ready')).body['position']);
const relate = async (tenantId: string, partner: string): Promise<string> =>
  String(
    (
      await world.say('POST', `/v1/customers/${tenantId}/partner-relationships`, {
        partnerId: partner,
        from: LONG_AGO,
      })
    )['factId'],
  );
const customerOf = async (...partners: readonly string[]): Promise<string> => {
  const tenantId = await world.customer();
  for (const partner of partners) await relate(tenantId, partner);
  return tenantId;
};

/** Creates the subject of a request, of one of the four kinds. Each request has its own. */
async function subjectOf(kind: Kind, { about }: MatrixLine): Promise<Subject> {
  const isOfCustomer = about === 'customer' || about === 'order' || about === 'revenue';
  const partner =
    kind === 'own' || kind === 'shared' || about === 'customer'
      ? MINE
      : kind === 'unknown'
        ? 'nobody'
        : THEIRS;
  const nothing = {
    tenantId: randomUUID(),
    orderId: randomUUID(),
    factId: randomUUID(),
    revenueId: randomUUID(),
  };
  const subject = {
    ...nothing,
    partnerId: partner,
    applicationId: applications[partner] ?? randomUUID(),
  };
  if (!isOfCustomer || kind === 'unknown') return subject;

  const tenantId = await world.customer();
  const factId = kind === 'foreign' ? randomUUID() : await relate(tenantId, MINE);
  if (kind !== 'own') await relate(tenantId, THEIRS);
  const orderId =
    about === 'order'
      ? (await operator.order<{ orderId: string }>(orderOf(partner, tenantId))).body.orderId
      : '';
  if (about === 'revenue') await recordRevenue(partner, tenantId);
  return {
    ...subject,
    tenantId,
    orderId,
    factId,
    revenueId: revenueIdOf(partnerId(partner), 's', `${tenantId}-entry`),
  };
}

interface Asked {
  readonly operation: Operation;
  readonly line: MatrixLine;
  readonly kind: Kind;
  readonly subject: Subject;
  readonly expected: 'open' | 'closed';
}
type Answered = Asked & Answer<Record<string, unknown>>;

function requests(): Promise<readonly Asked[]> {
  const wanted = operations.flatMap((operation) => {
    const [line] = lineOf(operation);
    if (!line || line.about === 'list') return [];
    const of: readonly Kind[] = line.about === 'everything' ? ['own'] : kinds;
    return of.map((kind) => ({ operation, line, kind }));
  });
  return inBatches(wanted, async ({ operation, line, kind }): Promise<Asked> => {
    const expected = kind === 'own' || kind === 'shared' ? line[kind] : 'closed';
    const subject = await subjectOf(kind, line);
    if (line.before && kind !== 'unknown') await world.say('PUT', ...line.before(subject));
    return { operation, line, kind, subject, expected };
  });
}

const answers = (asked: readonly Asked[]): Promise<readonly Answered[]> =>
  inBatches(asked, async (one) => ({
    ...one,
    ...(await send(one.operation, one.line, one.subject)),
  }));

const recordRevenue = (partner: string, tenantId: string): Promise<Answer<unknown>> =>
  operator.post(
    '/v1/revenue',
    {
      partnerId: partner,
      tenantId,
      amount: { amount: '5.00', currency: 'USD' },
      recognizedOn: today,
      family: 'cloud',
      soldAs: 'indirect-reseller',
      source: 's',
      reference: `${tenantId}-entry`,
    },
    { key: randomUUID() },
  );

const send = (
  operation: Operation,
  line: MatrixLine,
  subject: Subject,
  key = randomUUID(),
): Promise<Answer<Record<string, unknown>>> =>
  scoped.call(
    operation.method,
    addressOf(operation, subject),
    line.body?.(subject, today),
    isCommand(operation) ? { key } : {},
  );

describe('every operation by a key with a partner scope', () => {
  it('has exactly one row in the matrix, and each row has operations', () => {
    expect(
      operations
        .filter((operation) => lineOf(operation).length !== 1)
        .map(({ method, path }) => `${method} ${path}`),
    ).toEqual([]);
    const named = (line: MatrixLine) =>
      operations.some(({ method, path }) => line.operations.test(`${method} ${path}`));
    expect(matrix.filter((line) => !named(line)).map((line) => String(line.operations))).toEqual(
      [],
    );
  });

  it('is allowed or refused by its row, answers the same for foreign and unknown ids, and appends nothing when refused', async () => {
    const asked = await requests();
    const nameOf = ({ operation, kind }: Asked) =>
      `${operation.method} ${operation.path} of ${kind}`;
    const before = await head();
    // Refused operations run first: allowed ones may change the customer.
    const closed = await answers(asked.filter(({ expected }) => expected === 'closed'));
    expect(await head()).toBe(before);
    const wrong = closed
      .filter(({ operation, line, status, body }) => {
        const isForbidden = isCommand(operation) || line.about === 'everything';
        return (
          status !== (isForbidden ? 403 : 404) ||
          (isCommand(operation) && body['type'] !== '/problems/outside-scope')
        );
      })
      .map((one) => `${nameOf(one)}: ${one.status} ${String(one.body['type'])}`);
    const outside = closed.filter(({ kind }) => kind === 'foreign' || kind === 'unknown');
    for (const [id, both] of Map.groupBy(outside, ({ operation }) => operation.id)) {
      const shown = both.map(({ status, body: { instance: _instance, ...rest } }) =>
        JSON.stringify([status, rest]),
      );
      if (new Set(shown).size !== 1 || both.length !== 2)
        wrong.push(`${id}: foreign and unknown differ: ${shown.join(' ')}`);
    }
    const open = await answers(asked.filter(({ expected }) => expected === 'open'));
    const failed = ({ operation, status }: Answered) =>
      status === 403 ||
      status === 400 ||
      status >= 500 ||
      (status === 404 && !isCommand(operation));
    wrong.push(
      ...open
        .filter(failed)
        .map((one) => `${nameOf(one)}: ${one.status} ${one.text.slice(0, 200)}`),
    );
    expect(wrong).toEqual([]);
  }, 90_000);

  it('lists and reports what is in scope only', async () => {
    const [own, shared, foreign] = [
      await customerOf(MINE),
      await customerOf(MINE, THEIRS),
      await customerOf(THEIRS),
    ];
    const ordered = await customerOf();
    for (const tenantId of [own, shared, foreign, ordered])
      for (const partner of [MINE, THEIRS]) await operator.order(orderOf(partner, tenantId));
    const ended = await customerOf(MINE);
    await operator.order(orderOf(MINE, ended));
    await world.say('POST', `/v1/customers/${ended}/partner-relationships/${MINE}/end`, {
      on: today,
      reason: 'x',
    });
    const at = `limit=500&minPosition=${await head()}`;
    const reports = ['orders', 'refusals', 'eligibility'].map(
      (name) => `reports/${name}?${at.slice('limit=500&'.length)}`,
    );
    for (const path of [`customers?${at}`, `orders?${at}`, ...reports]) {
      const { items } = (
        await scoped.get<Page<{ tenantId: string; partnerId?: string }>>(`/v1/${path}`)
      ).body;
      const found = new Set(items.map(({ tenantId }) => tenantId));
      expect([
        path,
        found.has(own),
        found.has(shared),
        found.has(foreign),
        found.has(ordered),
        found.has(ended),
      ]).toEqual([path, true, true, false, false, false]);
      expect(items.filter((item) => item.partnerId === THEIRS)).toEqual([]);
    }
    for (const path of [
      `customers?${at}&partnerId=${THEIRS}`,
      `orders?${at}&partnerId=${THEIRS}`,
      `orders?${at}&tenantId=${foreign}`,
    ])
      expect([path, (await scoped.get<Page>(`/v1/${path}`)).body.items]).toEqual([path, []]);
  });
});

describe('a customer of two partners', () => {
  it('keeps the facts of the other partner, whichever id the request names', async () => {
    const tenantId = await world.customer();
    const [mine, theirs] = [await relate(tenantId, MINE), await relate(tenantId, THEIRS)];
    const at = `/v1/customers/${tenantId}/partner-relationships`;
    const end = { on: today, reason: 'x' };
    const correction = (factId: string, partner: string) => ({
      factId,
      reason: 'x',
      value: { partnerId: partner, from: LONG_AGO },
    });
    const before = await head();
    const refused = [
      await scoped.post(`${at}/end`, { ...end, factId: theirs }),
      await scoped.post(`${at}/${THEIRS}/end`, end),
      await scoped.post(`${at}/${MINE}/end`, { ...end, factId: theirs }),
      await scoped.post(`${at}/correction`, { factId: theirs, reason: 'x', retracted: true }),
      await scoped.post(`${at}/correction`, correction(theirs, THEIRS)),
      await scoped.post(`${at}/correction`, correction(theirs, MINE)),
      await scoped.post(`${at}/correction`, correction(mine, THEIRS)),
      await scoped.post(at, { partnerId: THEIRS, from: today }),
      await scoped.post(`/v1/customers/${tenantId}/csp-association`, {
        associated: false,
        observedOn: today,
        source: 's',
      }),
      await scoped.put(`/v1/customers/${tenantId}`, {
        legalName: 'K',
        country: 'JP',
        creditLimit: { amount: '1', currency: 'JPY' },
      }),
    ];
    expect(refused.map(({ status, body }) => [status, body['type']])).toEqual(
      refused.map(() => [403, '/problems/outside-scope']),
    );
    expect(await head()).toBe(before);
    // Without an id, the request can only mean the key's own relationship.
    expect((await scoped.post(`${at}/end`, end)).body).toMatchObject({ factId: mine });
  });

  it('does not disclose its other partner', async () => {
    const tenantId = await customerOf(MINE, THEIRS);
    const of = async (by: Client) => {
      const { body } = await by.get<{ partnerRelationships: { partnerId: string }[] }>(
        `/v1/customers/${tenantId}`,
      );
      const { items } = (
        await by.get<Page<{ tenantId: string; partnerIds: string[] }>>(
          `/v1/customers?limit=500&minPosition=${await head()}`,
        )
      ).body;
      return [
        body.partnerRelationships.map((fact) => fact.partnerId),
        items.find((item) => item.tenantId === tenantId)?.partnerIds,
      ];
    };
    expect(await of(scoped)).toEqual([[MINE], [MINE]]);
    expect(await of(operator)).toEqual([
      [MINE, THEIRS],
      [MINE, THEIRS],
    ]);
  });

  it('is no longer shared when the other relationship has ended', async () => {
    const tenantId = await customerOf(MINE, THEIRS);
    const put = () =>
      scoped.put(`/v1/customers/${tenantId}`, { legalName: 'Renamed', country: 'JP' });
    expect((await put()).status).toBe(403);
    await world.say('POST', `/v1/customers/${tenantId}/partner-relationships/${THEIRS}/end`, {
      on: today,
      reason: 'x',
    });
    expect((await put()).status).toBe(200);
  });
});

describe('a tenant that a scoped key names as its partner’s CSP tenant', () => {
  const put = (...cspTenantIds: readonly string[]) =>
    scoped.put(`/v1/partners/${MINE}`, {
      legalName: MINE,
      country: 'JP',
      model: 'indirect-reseller',
      cspTenantIds,
    });
  const isBlocked = async (tenantId: string) =>
    (
      (await operator.get(`/v1/customers/${tenantId}`)).body['association'] as {
        associated: boolean;
      }
    ).associated;

  it('is not registered, nor are the tenants beside it, if it is a customer of other partners', async () => {
    const [foreign, own] = [await customerOf(THEIRS), await customerOf(MINE)];
    const before = await head();
    for (const tenants of [[foreign], [own, foreign], [foreign, own], [foreign, randomUUID()]])
      expect((await put(...tenants)).body['type']).toBe('/problems/outside-scope');
    expect(await head()).toBe(before);
    expect((await put(own)).status).toBe(200);
    expect([await isBlocked(own), await isBlocked(foreign)]).toEqual([true, false]);
  });

  it('stays registered if it becomes a customer of other partners: only an unscoped key can end it', async () => {
    const tenantId = randomUUID();
    expect((await put(tenantId)).status).toBe(200);
    await world.customer({ partnerId: THEIRS }, tenantId);
    const end = (by: Client) =>
      by.post(`/v1/partners/${MINE}/csp-tenants/${tenantId}/end`, { on: today, reason: 'x' });
    expect((await end(scoped)).body['type']).toBe('/problems/outside-scope');
    expect(await isBlocked(tenantId)).toBe(true);
    // A tenant that is already listed is not a new registration.
    expect((await put(tenantId)).status).toBe(200);
    expect((await end(operator)).status).toBe(201);
  });
});

describe('an application or an entry that is created during a request', () => {
  it('is outside the scope before and after, also for a caller that knows its id', async () => {
    const key = randomUUID();
    const applicationId = applicationIdOf(commandIdFrom('key:operator', key));
    const tenantId = randomUUID();
    const revenueId = revenueIdOf(partnerId(THEIRS), 's', `${tenantId}-entry`);
    const attempts = () => [
      scoped.post(`/v1/direct-bill-applications/${applicationId}/withdrawal`, {}),
      scoped.post(`/v1/revenue/${revenueId}/review`, {
        outcome: 'disallowed',
        on: today,
        reason: 'x',
      }),
    ];
    const [submitted, recorded, ...refused] = await Promise.all([
      operator.post(`/v1/partners/${THEIRS}/direct-bill-applications`, {}, { key }),
      recordRevenue(THEIRS, tenantId),
      ...attempts(),
      ...attempts(),
    ]);
    expect([submitted.status, submitted.body['applicationId'], recorded.status]).toEqual([
      201,
      applicationId,
      201,
    ]);
    for (const { status } of [...refused, ...(await Promise.all(attempts()))])
      expect(status).toBe(403);
  });
});

describe('a scope that has ended', () => {
  it('gives no access to the time when it held, and repeats no first answer', async () => {
    const tenantId = await customerOf(MINE);
    const { position } = await operator.get(`/v1/customers/${tenantId}`);
    const body = { signedOn: today, country: 'JP', language: 'ja-JP', method: 'partner-attested' };
    const sign = () =>
      scoped.post(
        `/v1/customers/${tenantId}/agreements`,
        { ...body, signatory: { firstName: 'T', lastName: 'S', email: 't@s.example' } },
        { key: `sign-${tenantId}` },
      );
    expect((await sign()).status).toBe(201);
    expect((await sign()).replayed).toBe(true);
    await world.say('POST', `/v1/customers/${tenantId}/partner-relationships/${MINE}/end`, {
      on: today,
      reason: 'x',
    });
    expect((await sign()).status).toBe(403);
    const times = [
      `asOf=${LONG_AGO}`,
      `asOf=${LONG_AGO}&knownAt=${position}`,
      `knownAt=${position}`,
      `asOf=${LONG_AGO}&partnerId=${MINE}`,
    ];
    for (const query of times)
      expect((await scoped.get(`/v1/customers/${tenantId}/eligibility?${query}`)).status).toBe(404);
    const check = { ...orderOf(MINE, tenantId), asOf: LONG_AGO, knownAt: position };
    expect((await scoped.post('/v1/eligibility-checks', check)).status).toBe(403);
  });
});
