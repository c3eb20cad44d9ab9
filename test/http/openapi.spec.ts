import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiModule } from '../../apps/api/api.module.js';
import { createHttp, type HttpService } from '../../apps/api/http/bootstrap.js';
import { ApplicationModule } from '../../libs/application/application.module.js';
import {
  type OpenedInfrastructure,
  openInfrastructure,
} from '../../libs/application/open-infrastructure.js';
import { ApiKeys, digestOfKey } from '../../libs/platform/authentication/api-keys.js';
import { BearerAuthenticator } from '../../libs/platform/authentication/authenticator.js';
import { readConfiguration } from '../../libs/platform/configuration.js';
import { createLogger } from '../../libs/platform/logging.js';
import { Client } from '../support/client.js';
import { type ApiDocument, type Operation, operationsOf, type Schema } from './api-document.js';
import { answersOfExamples, differences } from './real-answers.js';
import { strictAjv } from './shape-judge.js';

const OPERATOR = 'operator-of-the-document';

/** The service in this process, on a log in memory, so that the test can read its router. */
describe('the OpenAPI document', () => {
  let infrastructure: OpenedInfrastructure;
  let http: HttpService;
  let url: string;
  let dataDir: string;
  let document: ApiDocument & Readonly<Record<string, unknown>>;
  let operations: readonly Operation[];

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'sekisho-openapi-'));
    infrastructure = await openInfrastructure(
      readConfiguration({ DATA_DIR: dataDir, EVENT_LOG: 'memory' }),
      {
        role: 'service',
        report: () => undefined,
      },
    );
    const authenticator = new BearerAuthenticator(
      new ApiKeys([{ id: 'operator', sha256: digestOfKey(OPERATOR), roles: ['operator'] }]),
      undefined,
    );
    http = await createHttp(ApiModule.on(ApplicationModule.on(infrastructure)), {
      authenticator,
      logger: createLogger('silent'),
      version: '1.2.3',
    });
    url = await http.listen('127.0.0.1', 0);
    document = (await (await fetch(`${url}/openapi.json`)).json()) as typeof document;
    operations = operationsOf(document);
  }, 30_000);
  afterAll(async () => {
    await http.close();
    await infrastructure.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('lists exactly the routes of the router', () => {
    const routes = http.routes.all
      .filter(({ method, declaration }) => method !== 'HEAD' && !declaration.undocumented)
      .map(({ method, url: path }) => `${method} ${path.replaceAll(/:([A-Za-z]+)/g, '{$1}')}`);
    expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(routes.sort());
    expect(routes.length).toBeGreaterThan(60);
    const left = http.routes.all
      .filter(({ declaration }) => declaration.undocumented)
      .map(({ url: path }) => path);
    expect([...new Set(left)]).toEqual(['/', '/docs/:file']);
  });

  it('is OpenAPI 3.1: its parts have what the specification requires', () => {
    expect(document).toMatchObject({
      openapi: expect.stringMatching(/^3\.1\.\d+$/),
      info: { title: 'Sekisho', version: '1.2.3' },
    });
    const tags = (document['tags'] as { name: string }[]).map(({ name }) => name);
    expect(new Set(tags).size).toBe(tags.length);
    expect(operations.flatMap((operation) => faultsOf(operation))).toEqual([]);
    for (const [path, methods] of Object.entries(document.paths)) {
      expect(path).toMatch(/^\//);
      for (const said of Object.values(methods))
        expect(tags).toEqual(expect.arrayContaining((said as unknown as { tags: string[] }).tags));
    }
  });

  it('gives each operation a unique id, a summary and a unique address', () => {
    const ids = operations.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    for (const methods of Object.values(document.paths))
      for (const said of Object.values(methods))
        expect((said as unknown as { summary: string }).summary).toMatch(/^[A-Z].{5,}[^.]$/s);
    const shapes = Object.keys(document.paths).map((path) => path.replaceAll(/\{[^}]+\}/g, '{}'));
    expect(new Set(shapes).size).toBe(shapes.length);
  });

  it('has no dangling reference and no unused schema', () => {
    const references = new Set(
      [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) =>
        String(reference),
      ),
    );
    const at = (reference: string): unknown =>
      reference
        .replace(/^#\//, '')
        .split('/')
        .reduce<unknown>(
          (inner, name) => (inner as Record<string, unknown> | undefined)?.[name],
          document,
        );
    expect([...references].filter((reference) => typeof at(reference) !== 'object')).toEqual([]);
    // Query and path schemas appear as parameters, under their own names.
    const parameters = new Set(
      operations.flatMap((operation) => operation.parameters.map(({ name }) => name)),
    );
    const ofFiles = http.routes.all.flatMap(({ declaration }) =>
      declaration.undocumented ? [declaration.path?.name] : [],
    );
    const unused = Object.entries(document.components.schemas).filter(
      ([name, schema]) =>
        !references.has(`#/components/schemas/${name}`) &&
        !ofFiles.includes(name) &&
        !Object.keys((schema['properties'] ?? {}) as object).every((property) =>
          parameters.has(property),
        ),
    );
    expect(unused.map(([name]) => name)).toEqual([]);
  });

  it('has portable patterns: no lookaround, no back-reference, no count above 1000 (RE2)', () => {
    const patterns: string[] = [];
    JSON.stringify(document, (key, value: unknown) => {
      if (key === 'pattern') patterns.push(String(value));
      return value;
    });
    expect(patterns.length).toBeGreaterThan(50);
    const isOurs = /\(\?(?!:)|\\[1-9]|\\[kK]|\{\d{4,}|\{\d+,\d{4,}/;
    expect([...new Set(patterns)].filter((pattern) => isOurs.test(pattern))).toEqual([]);
    for (const pattern of patterns) expect(() => new RegExp(pattern, 'u')).not.toThrow();
  });

  it('declares no schema dialect, so that readers use OpenAPI’s own', () => {
    expect(document).not.toHaveProperty('jsonSchemaDialect');
  });

  it('has only closed schemas that are valid JSON Schema 2020-12', () => {
    const ajv = strictAjv().addSchema({ $id: 'document', components: document.components });
    for (const name of Object.keys(document.components.schemas)) {
      const schema = document.components.schemas[name]!;
      expect(ajv.validateSchema(schema)).toBe(true);
      if (name !== 'Problem')
        expect({ name, closed: schema['additionalProperties'] }).toEqual({ name, closed: false });
      if (name !== 'Problem')
        expect(typeof ajv.getSchema(`document#/components/schemas/${name}`)).toBe('function');
    }
    const ofParameters = strictAjv();
    for (const { parameters } of operations)
      for (const { schema } of parameters)
        expect(typeof ofParameters.compile(schema)).toBe('function');
  });

  it('has a validator for every schema, which refuses a value that is not an object and names the fault', () => {
    const declared = http.routes.all.flatMap(({ declaration: { body, query, path } }) => [
      body,
      query,
      path,
    ]);
    const classes = [...new Set(declared.filter((dto) => dto !== undefined))];
    expect(classes.length).toBeGreaterThan(50);
    for (const dto of classes) {
      const faults = http.routes.validators.of(dto)(null);
      expect({ dto: dto.name, faults }).toEqual({
        dto: dto.name,
        faults: [expect.objectContaining({ path: '', code: 'type' })],
      });
    }
  });

  it('has a problem schema that accepts the service’s refusals', async () => {
    const { components } = document;
    const ajv = strictAjv();
    for (const format of ['uri-reference', 'json-pointer'])
      ajv.addFormat(format, (text) => text === '' || text.startsWith('/'));
    const validate = ajv.compile(components.schemas['Problem'] as Schema);
    const operator = new Client(url, OPERATOR);
    const refusals = [
      await new Client(url).get('/v1/orders'),
      await operator.get('/v1/nowhere'),
      await operator.post('/v1/orders', { lines: [], 'a/b~c': 1 }, { key: 'k' }),
      await operator.get('/v1/orders?limit=0&extra=1'),
      await operator.post('/v1/partners/nobody/memberships', { from: '2020-01-01' }),
      await operator.order({
        partnerId: 'nobody',
        tenantId: crypto.randomUUID(),
        currency: 'JPY',
        lines: [{ offerId: 'A:1', quantity: 1, term: 'P1M', billingPlan: 'monthly' }],
      }),
    ];
    for (const { status, body } of refusals) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect({ body, errors: validate(body) ? null : validate.errors }).toEqual({
        body,
        errors: null,
      });
    }
  });

  it('has examples of the same form as real answers', async () => {
    const shown = operations.flatMap(({ id, responses }) =>
      Object.entries(responses).flatMap(([status, { content }]) =>
        Object.values(content ?? {}).flatMap(({ example }) =>
          example === undefined ? [] : [{ id, status, example }],
        ),
      ),
    );
    const answers = await answersOfExamples(new Client(url, OPERATOR));
    expect(shown.length).toBeGreaterThan(50);
    const wrong = shown.flatMap(({ id, status, example }) => {
      const real = answers.find((answer) => answer.id === id);
      if (!real) return [`${id}: real-answers.ts does not try its example`];
      // An example of 200 beside one of 201 is the same answer to a repeated request.
      return differences(example, real.body).map((difference) => `${id} ${status}: ${difference}`);
    });
    expect(wrong).toEqual([]);
  }, 30_000);

  it.each(['en', 'ja'])(
    'names problem types that each have a page in %s, for people and for programs',
    async (language) => {
      const client = new Client(url);
      const japanese = /[\u3040-\u30ff\u4e00-\u9fff]/;
      for (const [code, { status }] of Object.entries(document['x-problems'])) {
        const html = await client.get(`/problems/${code}`, {
          language,
          headers: { accept: 'text/html' },
        });
        expect([
          code,
          html.status,
          html.headers.get('content-type'),
          html.headers.get('content-language'),
        ]).toEqual([code, 200, 'text/html; charset=utf-8', language]);
        expect(html.text).toContain(`<html lang="${language}">`);
        expect(html.text).toContain(`HTTP ${status}`);
        const json = await client.get(`/problems/${code}`, {
          language,
          headers: { accept: 'application/json' },
        });
        expect(json.body).toMatchObject({ type: `/problems/${code}`, status });
        for (const text of ['title', 'what', 'remedy'])
          expect([code, japanese.test(String(json.body[text]))]).toEqual([code, language === 'ja']);
      }
      expect((await client.get('/problems/no-such-problem')).status).toBe(404);
    },
  );
});

/**
 * OpenAPI 3.1.1: 4.8.10 (operation), 4.8.12 (parameter), 4.8.13 (request body), 4.8.16 (responses).
 */
function faultsOf({ id, path, parameters, body, responses, method }: Operation): readonly string[] {
  const faults: string[] = [];
  const templated = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => String(name));
  const declared = parameters
    .filter((parameter) => parameter.in === 'path')
    .map(({ name }) => name);
  if (templated.sort().join() !== declared.sort().join())
    faults.push(`its path has ${templated.join()}, its parameters are ${declared.join()}`);
  const keys = parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
  if (new Set(keys).size < keys.length) faults.push('a parameter is there twice');
  for (const parameter of parameters) {
    if (parameter.in === 'path' && !parameter.required)
      faults.push(`${parameter.name} in the path is not required`);
    if (parameter.in === 'header' && /^(accept|content-type|authorization)$/i.test(parameter.name))
      faults.push(`the header ${parameter.name} is ignored by the specification`);
    if (typeof parameter.schema !== 'object') faults.push(`${parameter.name} has no schema`);
  }
  if (body && (method === 'GET' || method === 'DELETE')) faults.push(`${method} has a body`);
  const statuses = Object.keys(responses);
  if (!statuses.some((status) => /^2\d\d$/.test(status)) || !statuses.includes('default'))
    faults.push(`its answers are ${statuses.join()}`);
  if (!/^[A-Za-z]+\.[A-Za-z]+$/.test(id)) faults.push('its id is no name');
  return faults.map((fault) => `${id}: ${fault}`);
}
