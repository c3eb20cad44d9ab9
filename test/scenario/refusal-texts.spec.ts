import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { addDays, addMonthsClamped } from '../../libs/domain/shared/calendar.js';
import type { Client } from '../support/client.js';
import { Service } from '../support/service.js';
import { World } from '../support/world.js';

interface Refused {
  readonly type: string;
  readonly detail: string;
  readonly marketCodes?: readonly string[];
  readonly errors?: readonly {
    readonly path: string;
    readonly code: string;
    readonly message: string;
  }[];
}

const today = new Date().toISOString().slice(0, 10);
const far = addDays(today, 30);
/** At UTC+14 the date may be one day later than here. */
const latest = `(${today}|${addDays(today, 1)}|${addDays(today, 2)})`;

let service: Service;
let operator: Client;
let tenant: string;
let partner: string;

beforeAll(async () => {
  service = await Service.start({ env: { LOG_LEVEL: 'info' } });
  operator = service.as('operator');
  const world = new World(operator, today);
  [tenant, partner] = [
    await world.customer({ country: 'JP' }),
    await world.partner('indirect-reseller'),
  ];
  await world.say('PUT', '/v1/agreement-versions/2026-01', {
    from: '2026-01-01',
    acceptedUntil: null,
  });
}, 60_000);
afterAll(async () => {
  await service.stop();
  service.remove();
});

const asked = async (
  method: string,
  path: string,
  body: object | undefined,
  language: string,
): Promise<Refused> => {
  const at = path.replace('{t}', tenant).replace('{p}', partner);
  const answer = await operator.call<Refused>(method, `/v1/${at}`, body, {
    key: randomUUID(),
    headers: { 'accept-language': language },
  });
  return answer.body;
};
const signed = (more: object) => ({
  signedOn: today,
  country: 'JP',
  language: 'ja-JP',
  signatory: { firstName: 'A', lastName: 'B', email: 'a@example.com' },
  method: 'partner-attested',
  ...more,
});
const registered = (more: object) => ({ legalName: 'Contoso', country: 'JP', ...more });
const revenue = (more: object) => ({
  partnerId: partner,
  tenantId: tenant,
  amount: { amount: '1.00', currency: 'USD' },
  recognizedOn: today,
  family: 'cloud',
  soldAs: 'indirect-reseller',
  source: 's',
  reference: 'r',
  ...more,
});

describe('a refused value: the message', () => {
  it.each<[string, string, string, () => object | undefined, string, RegExp, RegExp]>([
    ['a signing day in the future', 'POST', 'customers/{t}/agreements', () => signed({ signedOn: far }), '/signedOn', RegExp(`not be after ${latest}\\.$`), RegExp(`^${latest} 以前`)],
    ['a language without a template', 'POST', 'customers/{t}/agreements', () => signed({ language: 'de-DE' }), '/language', /^Allowed: .*ja-JP/, /^許される値: .*ja-JP/],
    ['an observation in the future', 'POST', 'customers/{t}/csp-association', () => ({ associated: false, observedOn: far, source: 'x' }), '/observedOn', RegExp(`not be after ${latest}\\.$`), RegExp(`^${latest} 以前`)],
    ['a market code of another country', 'PUT', 'customers/{t}', () => registered({ marketCode: 'US' }), '/marketCode', /^Allowed: JP\.$/, /^許される値: JP。$/],
    ['qualifications that no customer has together', 'PUT', 'customers/{t}', () => registered({ qualifications: ['education', 'gcc'] }), '/qualifications', /^Allowed: .*\["education"\]/, /\["education"\]/],
    ['a segment with other qualifications', 'PUT', 'customers/{t}', () => registered({ segment: 'commercial', qualifications: ['education'] }), '/segment', /^Allowed: education\.$/, /education/],
    ['revenue in the future', 'POST', 'revenue', () => revenue({ recognizedOn: far }), '/recognizedOn', RegExp(`not be after ${latest}\\.$`), RegExp(`^${latest} 以前`)],
    ['an end before its start', 'PUT', 'agreement-versions/2026-02', () => ({ from: '2026-02-01', acceptedUntil: '2026-01-31' }), '/acceptedUntil', /not be before 2026-02-01\.$/, /^2026-02-01 以降/],
    ['a date more than a year ahead', 'GET', 'partners/{p}/trailing-revenue?asOf=2999-01-01', () => undefined, '/asOf', RegExp(`not be after (${addMonthsClamped(today, 12)}|.*)\\.$`), /以前/],
  ])('says what is allowed for %s', async (_what, method, path, body, field, en, ja) => {
    const messages = [await asked(method, path, body(), 'en'), await asked(method, path, body(), 'ja')].map(
      ({ errors }) => errors?.find((error) => error.path === field)?.message,
    );
    expect(messages).toEqual([expect.stringMatching(en), expect.stringMatching(ja)]);
  }); // prettier-ignore

  it('says that EU is a market code in the address of a price list, not a country of a customer', async () => {
    const put = (language: string) =>
      operator.put<Refused>('/v1/price-lists/UK/2026-11', 'ProductId\n', {
        headers: { 'content-type': 'text/csv', 'accept-language': language },
      });
    const [en, ja] = [await put('en'), await put('ja')];
    expect([en.status, en.body.type, en.body.detail, ja.body.detail]).toEqual([
      422,
      '/problems/market-unknown',
      '"UK" in the address is not the code of a CSP market. "marketCodes" lists the valid codes.',
      'アドレスの「UK」は CSP の市場コードではありません。市場コードの一覧は「marketCodes」にあります。',
    ]);
    expect(en.body.marketCodes).toEqual(expect.arrayContaining(['GB', 'JP']));
  });
});

describe('a client that disconnects', () => {
  it.each([
    ['an import', 'POST', '/v1/revenue/imports', 'text/csv'],
    ['an upload', 'PUT', '/v1/price-lists/JP/2026-11', 'text/csv'],
    ['a command', 'POST', '/v1/revenue', 'application/json'],
  ])(
    'is logged as disconnected, not as an error of the service: %s',
    async (_what, method, path, type) => {
      const before = service.output().length;
      await leave(method, path, type);
      const logged = (): string => service.output().slice(before);
      for (let tries = 0; tries < 400 && !logged().includes('the client disconnected'); tries++)
        await new Promise((resolve) => setTimeout(resolve, 5));
      expect(logged()).toContain('the client disconnected before its request was answered');
      expect(logged()).not.toMatch(/shutting-down|"level":"(warn|error)"/);
    },
  );
});

/** Sends the beginning of a body and disconnects. */
function leave(method: string, path: string, type: string): Promise<void> {
  const { hostname, port } = new URL(service.url);
  const headers = {
    authorization: `Bearer ${service.keyOf('operator')}`,
    'content-type': type,
    'content-length': '100000',
    'idempotency-key': path,
  };
  return new Promise((resolve) => {
    const sent = request({ hostname, port, method, path, headers });
    sent.on('error', () => resolve());
    sent.write('{', () => setTimeout(() => sent.destroy(new Error('gone')), 100));
  });
}
