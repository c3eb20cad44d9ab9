import { bearer, request } from '../load/requests.js';
import { sendAll } from '../load/send-all.js';
import { MARKET, priceListCsv } from './price-list.js';

export const RESELLERS = 20;
const PROVIDER = 'provider-1';
const FROM = '2020-01-01';
const DAY_MS = 86_400_000;

export const tenantOf = (customer: number): string =>
  `aaaaaaaa-0000-4000-8000-${String(customer).padStart(12, '0')}`;
export const resellerOf = (customer: number): string => `reseller-${customer % RESELLERS}`;

/** A provider, its resellers, and the price lists of this month and the next. */
export async function furnish(url: string, operatorToken: string): Promise<void> {
  const headers = bearer(operatorToken);
  const send = (method: string, path: string, body: object): string =>
    request(method, path, headers, JSON.stringify(body));
  for (const [id, model] of partners) {
    await sendAll(
      url,
      [
        send('PUT', `/v1/partners/${id}`, { legalName: `${id} K.K.`, country: 'JP', model }),
        send('POST', `/v1/partners/${id}/locations`, {
          partnerLocationId: `${id}-tokyo`,
          country: 'JP',
          from: FROM,
        }),
        send('POST', `/v1/partners/${id}/memberships`, { from: FROM }),
        ...(id === PROVIDER
          ? [send('POST', `/v1/partners/${id}/provider-authorization`, { from: FROM })]
          : [
              send('POST', `/v1/partners/${id}/signing-authority`, {
                name: 'Hanako Yamada',
                title: 'CEO',
                from: FROM,
              }),
              send('POST', `/v1/partners/${id}/provider-relationships`, {
                providerId: PROVIDER,
                from: FROM,
              }),
            ]),
      ],
      1,
    );
  }
  for (const month of months()) {
    await sendAll(
      url,
      [
        request(
          'PUT',
          `/v1/price-lists/${MARKET}/${month}`,
          { ...headers, 'content-type': 'text/csv' },
          priceListCsv(),
        ),
      ],
      1,
    );
  }
}

const partners: readonly (readonly [id: string, model: string])[] = [
  [PROVIDER, 'indirect-provider'],
  ...Array.from(
    { length: RESELLERS },
    (_, number) => [resellerOf(number), 'indirect-reseller'] as const,
  ),
];

/** This month and, in case the run passes midnight of its last day, the next. */
function months(): readonly string[] {
  const now = new Date();
  const next = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
  return [now, next].map((date) => date.toISOString().slice(0, 7));
}

/** Customers that may order: registered, with a signed agreement and a tenant check. */
export async function populate(
  url: string,
  token: string,
  { first = 0, customers }: { readonly first?: number; readonly customers: number },
  report?: (done: number) => void,
): Promise<void> {
  const headers = bearer(token);
  const yesterday = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);
  const numbers = Array.from({ length: customers }, (_, index) => first + index);
  const each = (
    method: string,
    path: string,
    body: (customer: number) => object,
  ): readonly string[] =>
    numbers.map((customer) =>
      request(
        method,
        `/v1/customers/${tenantOf(customer)}${path}`,
        headers,
        JSON.stringify(body(customer)),
      ),
    );
  const steps = [
    each('PUT', '', (customer) => ({
      legalName: `Customer ${customer} K.K.`,
      country: 'JP',
      language: 'ja-JP',
    })),
    each('POST', '/agreements', () => ({
      signedOn: yesterday,
      country: 'JP',
      language: 'ja-JP',
      signatory,
      method: 'partner-attested',
    })),
    each('POST', '/csp-association', () => ({
      associated: false,
      observedOn: yesterday,
      source: 'bench',
    })),
  ];
  for (const [index, step] of steps.entries())
    await sendAll(url, step, 64, (done) => report?.(index * customers + done));
}

const signatory = { firstName: 'Taro', lastName: 'Yamada', email: 'taro@example.com' };
