// Longer than 300 lines: every operation by every role and credential, over one service
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Role, Service } from '../support/service.js';
import {
  type ApiDocument,
  fetchDocument,
  isCommand,
  type Operation,
  operationsOf,
} from './api-document.js';
import { type GeneratedRequest, GeneratedRequests } from './generated-requests.js';
import { type RawAnswer, Wire } from './wire.js';

/** The role `metrics` opens its own route only. */
const people: readonly Role[] = ['order-entry', 'auditor', 'reporting', 'operator'];
const roles: readonly Role[] = [...people, 'metrics'];

/**
 * The permissions, written down independently of the service's own table. The test fails for an
 * operation that has no row or several.
 */
const lines: readonly {
  readonly name: string;
  readonly operations: RegExp;
  readonly roles: readonly Role[] | 'everyone';
}[] = [
  {
    name: 'open to everyone',
    operations: /^GET \/(health\/(live|ready)|docs|openapi\.json|problems(\/\{code\})?)$/,
    roles: 'everyone',
  },
  {
    name: 'eligibility checks: every role of people',
    operations: /^POST \/v1\/eligibility-checks$/,
    roles: people,
  },
  { name: 'metrics', operations: /^GET \/metrics$/, roles: ['metrics', 'auditor', 'operator'] },
  {
    name: 'orders, subscriptions and their changes',
    operations: /^(POST|PUT) \/v1\/(orders(\/\{orderId\}\/cancellation)?|subscriptions\/.+)$/,
    roles: ['order-entry', 'operator'],
  },
  {
    name: 'customers with their agreements, associations and relationships',
    operations:
      /^(PUT|POST) \/v1\/customers\/\{tenantId\}(\/(agreements(\/withdrawal)?|csp-association|closure|partner-relationships(\/.+)?))?$/,
    roles: ['order-entry', 'operator'],
  },
  {
    name: 'reading orders and customers',
    operations: /^GET \/v1\/(orders|customers|subscriptions)(\/.+)?$/,
    roles: people,
  },
  {
    name: 'reading offers',
    operations: /^GET \/v1\/offers$/,
    roles: ['order-entry', 'auditor', 'operator'],
  },
  {
    name: 'reading invoices',
    operations: /^GET \/v1\/invoices(\/.+)?$/,
    roles: ['auditor', 'reporting', 'operator'],
  },
  {
    name: 'reading partners, projections and reports',
    operations: /^GET \/v1\/(partners|direct-bill-applications|projections|reports)(\/.+)?$/,
    roles: ['auditor', 'reporting', 'operator'],
  },
  {
    name: 'every other GET: the auditor',
    operations:
      /^GET \/v1\/(events|policies|charges|payments(\/.+)?|billing-runs(\/.+)?|billing-entities(\/.+)?|selling-prices\/.+|tax-rates(\/.+)?|reconciliations(\/.+)?)$/,
    roles: ['auditor', 'operator'],
  },
  {
    name: 'all else: the operator alone',
    operations:
      /^(PUT|POST|DELETE) \/v1\/(partners\/.+|direct-bill-applications\/.+|customers\/\{tenantId\}\/(personal-data|billing-profile)|billing-entities\/.+|selling-prices\/.+|payments(\/.+)?|invoices\/\{invoiceId\}\/(payments|write-off|credit-notes)|billing-runs|charges|tax-rates\/.+|reconciliations\/.+|price-lists\/.+|policies\/.+|agreement-versions\/.+|exchange-rates\/.+|rulesets\/.+|clock\/ticks|projections\/.+|revenue(\/.+)?)$/,
    roles: ['operator'],
  },
];
const nameOf = ({ method, path }: Operation): string => `${method} ${path}`;

/** A role and the header that authenticates it. */
interface Credential {
  readonly name: string;
  readonly authorization?: string;
}

describe('every operation of the document, by every role and credential', () => {
  let service: Service;
  let issuer: Server;
  let folder: string;
  let wire: Wire;
  let document: ApiDocument;
  let operations: readonly Operation[];
  let requests: GeneratedRequests;
  let token: (
    claims: Record<string, unknown>,
    options?: { readonly foreign?: boolean; readonly minutes?: number },
  ) => Promise<string>;
  const secret = (id: string): string => `${id}-${'s'.repeat(32)}`;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sekisho-access-'));
    const own = await generateKeyPair('ES256');
    const stranger = await generateKeyPair('ES256');
    const jwks = JSON.stringify({
      keys: [{ ...(await exportJWK(own.publicKey)), kid: 'own', alg: 'ES256', use: 'sig' }],
    });
    issuer = createServer((_request, response) =>
      response.setHeader('content-type', 'application/json').end(jwks),
    );
    await new Promise<void>((ready) => issuer.listen(0, '127.0.0.1', ready));
    const iss = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`;
    token = (claims, { foreign = false, minutes = 5 } = {}) =>
      new SignJWT({
        iss,
        aud: 'sekisho',
        sub: 'ann',
        roles: ['operator'],
        exp: Math.floor(Date.now() / 1000) + minutes * 60,
        ...claims,
      })
        .setProtectedHeader({ alg: 'ES256', kid: 'own' })
        .sign((foreign ? stranger : own).privateKey);

    const key = (id: string, more: object) => ({
      id,
      sha256: createHash('sha256').update(secret(id)).digest('hex'),
      ...more,
    });
    const keys = [
      ...roles.map((role) => key(role, { roles: [role] })),
      ...roles.map((role) =>
        key(`${role}-elsewhere`, { roles: [role], partnerIds: ['elsewhere'] }),
      ),
      key('expired', { roles: ['operator'], expiresOn: '2020-01-01' }),
      key('ends-today', { roles: ['operator'], expiresOn: new Date().toISOString().slice(0, 10) }),
    ];
    writeFileSync(join(folder, 'keys.json'), JSON.stringify({ keys }));
    service = await Service.start({
      env: {
        API_KEYS_FILE: join(folder, 'keys.json'),
        AUTH_JWKS_URL: `${iss}/jwks`,
        AUTH_ISSUER: iss,
        AUTH_AUDIENCE: 'sekisho',
      },
    });
    document = await fetchDocument(service.url);
    operations = operationsOf(document);
    requests = new GeneratedRequests(document, {
      tenantId: [randomUUID()],
      partnerId: ['somebody'],
      orderId: [randomUUID()],
      applicationId: [randomUUID()],
    });
    wire = new Wire(service.url, {});
  }, 30_000);
  afterAll(async () => {
    wire.close();
    await service.stop();
    service.remove();
    issuer.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A well-formed request for an operation. */
  const goodRequest = (operation: Operation): GeneratedRequest => {
    const request = goodRequests.get(operation) ?? {
      ...fc.sample(requests.of(operation, ['good']), { seed: 1, numRuns: 1 })[0]!,
      method: operation.method,
      chunked: false,
    };
    goodRequests.set(operation, request);
    return request;
  };
  const goodRequests = new Map<Operation, GeneratedRequest>();
  const sendAs = (
    operation: Operation,
    { authorization }: Credential,
    more: Partial<GeneratedRequest> = {},
  ): Promise<RawAnswer> => {
    const request = { ...goodRequest(operation), ...more, role: undefined };
    const headers = {
      ...request.headers,
      accept: '*/*',
      ...(authorization !== undefined && { authorization }),
    };
    return wire.send({ ...request, headers });
  };
  const bearer = (id: string): Credential => ({ name: id, authorization: `Bearer ${secret(id)}` });
  const lineOf = (operation: Operation) =>
    lines.filter((line) => line.operations.test(nameOf(operation)));
  /** Runs the check for all operations at once. Returns one line of text for each violation. */
  const offences = async (
    of: readonly Operation[],
    judge: (operation: Operation) => Promise<readonly string[]>,
  ): Promise<readonly string[]> =>
    (
      await Promise.all(
        of.map(async (operation) =>
          (await judge(operation)).map((offence) => `${nameOf(operation)}: ${offence}`),
        ),
      )
    ).flat();

  it('has exactly one row in the table, and each row has operations', () => {
    expect(operations.filter((operation) => lineOf(operation).length !== 1).map(nameOf)).toEqual(
      [],
    );
    expect(
      lines
        .filter((line) => !operations.some((operation) => line.operations.test(nameOf(operation))))
        .map(({ name }) => name),
    ).toEqual([]);
  });

  it('is documented with the roles of its row', () => {
    const documented = operations.map((operation) => [nameOf(operation), operation.roles]);
    expect(documented).toEqual(
      operations.map((operation) => [nameOf(operation), lineOf(operation)[0]?.roles]),
    );
  });

  it.each(roles)(
    'admits %s by key and by token if its row allows it, and answers 403 otherwise',
    async (role) => {
      const byToken: Credential = {
        name: 'token',
        authorization: `Bearer ${await token({ roles: [role] })}`,
      };
      const wrong = await offences(operations, async (operation) => {
        const [line] = lineOf(operation);
        const open = line?.roles === 'everyone' || line?.roles.includes(role) === true;
        const found: string[] = [];
        for (const credential of [bearer(role), byToken]) {
          const { status } = await sendAs(operation, credential);
          if (open ? status === 401 || status === 403 || status >= 500 : status !== 403)
            found.push(`${credential.name} of ${role} got ${status}`);
        }
        return found;
      });
      expect(wrong).toEqual([]);
    },
  );

  it('refuses the metrics and the projections to credentials that are limited to partners', async () => {
    const ofEveryone = operations.filter((operation) =>
      /^GET \/(metrics|v1\/projections)$/.test(nameOf(operation)),
    );
    expect(ofEveryone).toHaveLength(2);
    const limits: readonly Record<string, unknown>[] = [
      { partner_ids: [] },
      { partner_ids: ['elsewhere'] },
    ];
    const limited: Credential[] = roles.map((role) => bearer(`${role}-elsewhere`));
    for (const claims of limits)
      limited.push({ name: 'token', authorization: `Bearer ${await token({ roles, ...claims })}` });
    const wrong = await offences(ofEveryone, async (operation) => {
      const statuses = await Promise.all(
        limited.map(async (credential) => (await sendAs(operation, credential)).status),
      );
      return statuses.filter((status) => status !== 403).map((status) => `got ${status}`);
    });
    expect(wrong).toEqual([]);
  });

  it('answers 401 to an invalid credential, even if the request has other errors', async () => {
    const invalidCredentials: readonly Credential[] = [
      { name: 'nothing' },
      { name: 'an empty header', authorization: '' },
      { name: 'a scheme alone', authorization: 'Bearer' },
      { name: 'an unknown key', authorization: `Bearer ${'x'.repeat(43)}` },
      {
        name: 'the digest of a key',
        authorization: `Bearer ${createHash('sha256').update(secret('operator')).digest('hex')}`,
      },
      { name: 'the id of a key', authorization: 'Bearer operator' },
      {
        name: 'a valid key with another scheme',
        authorization: `Basic ${Buffer.from(`operator:${secret('operator')}`).toString('base64')}`,
      },
      {
        name: 'a valid key followed by more text',
        authorization: `Bearer ${secret('operator')} x`,
      },
      bearer('expired'),
      bearer('ends-today'),
      { name: 'an expired token', authorization: `Bearer ${await token({}, { minutes: -1 })}` },
      { name: "a stranger's token", authorization: `Bearer ${await token({}, { foreign: true })}` },
      {
        name: "another issuer's token",
        authorization: `Bearer ${await token({ iss: 'https://elsewhere.example' })}`,
      },
      {
        name: 'a token for another service',
        authorization: `Bearer ${await token({ aud: 'elsewhere' })}`,
      },
      {
        name: 'a token without a subject',
        authorization: `Bearer ${await token({ sub: undefined })}`,
      },
      {
        name: 'a token without roles',
        authorization: `Bearer ${await token({ roles: undefined })}`,
      },
      {
        name: 'an unsigned token',
        authorization: `Bearer ${unsigned({ sub: 'ann', roles: ['operator'], exp: 9_999_999_999 })}`,
      },
    ];
    const wrong = await offences(
      operations.filter(({ roles: allowed }) => allowed !== 'everyone'),
      async (operation) => {
        const found: string[] = [];
        for (const invalid of invalidCredentials) {
          const { status, headers, text } = await sendAs(operation, invalid);
          if (status !== 401) found.push(`${invalid.name} got ${status}`);
          else if (
            !/^Bearer/.test(String(headers['www-authenticate'])) ||
            !text.includes('/problems/unauthorized')
          )
            found.push(`${invalid.name} got a 401 that names no scheme and problem`);
        }
        for (const more of malformed(operation)) {
          const { status } = await sendAs(operation, { name: 'nothing' }, more);
          if (status !== 401) found.push(`with ${JSON.stringify(more).slice(0, 60)} got ${status}`);
        }
        return found;
      },
    );
    expect(wrong).toEqual([]);
  });

  it('checks the role before it reads the body', async () => {
    const wrong = await offences(
      operations.filter(({ roles: allowed }) => allowed !== 'everyone'),
      async (operation) => {
        const denied = roles.find((role) => !operation.roles.includes(role));
        if (denied === undefined) return [];
        const statuses = await Promise.all(
          malformed(operation).map(
            async (more) => (await sendAs(operation, bearer(denied), more)).status,
          ),
        );
        return statuses
          .filter((status) => status !== 403)
          .map((status) => `${denied} got ${status}`);
      },
    );
    expect(wrong).toEqual([]);
  });

  it('admits a token without a role to the public operations only', async () => {
    const roleless: Credential = {
      name: 'no role',
      authorization: `Bearer ${await token({ roles: ['root'] })}`,
    };
    const wrong = await offences(operations, async (operation) => {
      const { status } = await sendAs(operation, roleless);
      return (status === 403) === (operation.roles !== 'everyone') ? [] : [`got ${status}`];
    });
    expect(wrong).toEqual([]);
  });

  it('shows sealed values in the log only, to auditors and operators, and personal data nowhere', async () => {
    const operator = service.withKey(secret('operator'));
    const [tenantId, name, today] = [
      randomUUID(),
      'Hanako-Suzuki',
      new Date().toISOString().slice(0, 10),
    ];
    const partner = { legalName: 'Somebody', country: 'JP', model: 'indirect-reseller' };
    const signatory = { firstName: name, lastName: name, email: 'h@s.example' };
    const agreement = {
      signedOn: today,
      country: 'JP',
      language: 'ja-JP',
      method: 'partner-attested',
      signatory,
    };
    await operator.put('/v1/partners/sealed', partner);
    await operator.post('/v1/partners/sealed/signing-authority', {
      name,
      title: 'CEO',
      from: today,
    });
    await operator.put(`/v1/customers/${tenantId}`, {
      legalName: 'Kobe Foods',
      country: 'JP',
      partnerId: 'sealed',
    });
    expect((await operator.post(`/v1/customers/${tenantId}/agreements`, agreement)).status).toBe(
      201,
    );
    const lines = [{ offerId: 'A:0001', quantity: 1, term: 'P1M', billingPlan: 'monthly' }];
    const placed = await operator.order<{ orderId: string }>({
      partnerId: 'sealed',
      tenantId,
      currency: 'JPY',
      lines,
    });
    const ids: Readonly<Record<string, string>> = {
      tenantId,
      partnerId: 'sealed',
      orderId: placed.body.orderId,
      name: 'eligibility',
    };
    const wrong = await offences(
      operations.filter((operation) => !isCommand(operation)),
      async ({ path, roles: allowed }) => {
        const address = path.replace(
          /\{(\w+)\}/g,
          (_all, parameter: string) => ids[parameter] ?? randomUUID(),
        );
        const found: string[] = [];
        for (const role of roles) {
          const { text } = await service
            .withKey(secret(role))
            .get(path === '/v1/events' ? `${address}?limit=500` : address);
          const isLog = path === '/v1/events' && allowed.includes(role);
          if (text.includes('"box"') !== isLog || text.includes('"mac"') !== isLog)
            found.push(`${role}: sealed values`);
          if (text.includes(name)) found.push(`${role}: a name`);
        }
        return found;
      },
    );
    expect(wrong).toEqual([]);
  });
});

/** Bodies that would be refused, if the service read them. */
function malformed(operation: Operation): readonly Partial<GeneratedRequest>[] {
  if (!isCommand(operation)) return [];
  const headers = { 'content-type': 'application/json' };
  return [
    { body: '{', headers },
    { body: '{}', headers: { 'content-type': 'text/plain' } },
    { body: '{"unknown":1}', headers: { ...headers, 'idempotency-key': 'a b', 'if-match': 'x' } },
    { body: undefined, headers: {} },
  ];
}

function unsigned(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
}
