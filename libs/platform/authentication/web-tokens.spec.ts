import { beforeAll, describe, expect, it } from '@jest/globals';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { SigningKeys, SigningKeysUnavailable } from './signing-keys.js';
import { WebTokens } from './web-tokens.js';

const startedAtMs = Date.parse('2026-11-22T12:00:00Z');
const settings = {
  jwksUrl: 'https://issuer.example/jwks',
  issuer: 'https://issuer.example',
  audience: 'sekisho',
};
interface Pair {
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
}
let own: Pair;
let stranger: Pair;
beforeAll(async () => {
  [own, stranger] = (await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')])) as [
    Pair,
    Pair,
  ];
});

/** A service whose issuer publishes `pairs` by key id, or is unavailable. */
function service(pairs: Record<string, Pair> | 'away' = { own }) {
  const state = { nowMs: startedAtMs, pairs, fetches: 0 };
  const nowMs = (): number => state.nowMs;
  const fetchText = async (): Promise<string> => {
    state.fetches++;
    if (state.pairs === 'away') throw new Error('ECONNREFUSED');
    const keys = Object.entries(state.pairs).map(async ([kid, { publicKey }]) => ({
      ...(await exportJWK(publicKey)),
      kid,
    }));
    return JSON.stringify({ keys: await Promise.all(keys) });
  };
  const tokens = new WebTokens(
    settings,
    new SigningKeys(settings.jwksUrl, { fetchText, nowMs }),
    nowMs,
  );
  return { state, tokens };
}

const token = (
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  { privateKey } = own,
): Promise<string> =>
  new SignJWT({
    iss: settings.issuer,
    aud: settings.audience,
    sub: 'ann',
    exp: startedAtMs / 1000 + 600,
    roles: ['operator'],
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256', kid: 'own', ...header })
    .sign(privateKey);
const ann = { id: 'jwt:https://issuer.example|ann', roles: ['operator'] };

describe('a token is accepted', () => {
  it.each<[string, Record<string, unknown>, object]>([
    ['by its roles', {}, {}],
    ['by the roles that are known', { roles: ['root', 'auditor'] }, { roles: ['auditor'] }],
    ['limited to partners', { partner_ids: ['p'] }, { partnerIds: ['p'] }],
    ['limited to no partner at all', { partner_ids: [] }, { partnerIds: [] }],
    ['for this service among others', { aud: ['x', 'sekisho'] }, {}],
    ['from now on', { nbf: startedAtMs / 1000 }, {}],
    [
      'to a subject of 255 characters',
      { sub: '関'.repeat(255) },
      { id: `jwt:https://issuer.example|${'関'.repeat(255)}` },
    ],
    [
      'to a subject with blanks',
      { sub: 'Ann O. Nymous' },
      { id: 'jwt:https://issuer.example|Ann O. Nymous' },
    ],
  ])('%s', async (_how, claims, principal) => {
    expect(await service().tokens.principalOf(await token(claims))).toEqual({
      ...ann,
      ...principal,
    });
  });

  it.each([undefined, 'JWT', 'jwt', 'at+jwt', 'AT+JWT', 'application/at+jwt'])(
    'with the type %s',
    async (typ) => {
      expect(
        await service().tokens.principalOf(await token({}, typ === undefined ? {} : { typ })),
      ).toEqual(ann);
    },
  );
});

describe('a token is rejected without a fetch', () => {
  it.each<[string, Record<string, unknown>]>([
    ["another issuer's", { iss: 'x' }],
    ['of a list of issuers', { iss: [settings.issuer] }],
    ['for another service', { aud: 'x' }],
    ['without an audience', { aud: undefined }],
    ['expired', { exp: startedAtMs / 1000 }],
    ['without an end', { exp: undefined }],
    ['with roles in one text', { roles: 'operator' }],
    ['with a role that is not a string', { roles: ['operator', 1] }],
    ['with roles by name', { roles: { operator: true } }],
    ['without roles', { roles: undefined }],
    ['with partners in one text', { partner_ids: 'p' }],
    ['with a partner that is not a string', { partner_ids: ['p', null] }],
    ['with partners of null', { partner_ids: null }],
    ['with partners by name', { partner_ids: {} }],
    ['without a subject', { sub: undefined }],
    ['with an empty subject', { sub: '' }],
    ['with a blank subject', { sub: '   ' }],
    ['with a subject of wide blanks', { sub: '\u3000\u00a0' }],
    ['with an invisible letter as its subject', { sub: '\u3164' }],
    ['with a subject that is not a string', { sub: 7 }],
    ['with a subject of 256 characters', { sub: 'x'.repeat(256) }],
    ['with a line break in its subject', { sub: 'ann\nroot' }],
    ['with an escape in its subject', { sub: 'ann\u001b[2J' }],
    ['with a character that reverses its subject', { sub: 'ann\u202egro' }],
    ['with an invisible character in its subject', { sub: 'ann\u200b' }],
    ['with a line separator in its subject', { sub: 'ann\u2028' }],
  ])('%s', async (_what, claims) => {
    const { tokens, state } = service();
    expect(await tokens.principalOf(await token(claims))).toBeUndefined();
    expect(state.fetches).toBe(0);
  });

  it.each<[string, Record<string, unknown>]>([
    ['of another type', { typ: 'logout+jwt' }],
    ['of a proof of possession', { typ: 'dpop+jwt' }],
    ['of a type that only begins like one', { typ: 'jwt2' }],
    ['of an empty type', { typ: '' }],
  ])('%s', async (_what, header) => {
    const { tokens, state } = service();
    expect(await tokens.principalOf(await token({}, header))).toBeUndefined();
    expect(state.fetches).toBe(0);
  });

  const part = (value: unknown): string =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
  it.each<[string, string]>([
    ['of three letters', 'a.b.c'],
    ['of nothing', '..'],
    ['of no JSON', `${part('{')}.${part('{')}.x`],
    ['of lists', `${part([])}.${part([])}.x`],
    ['that is not signed', `${part({ alg: 'none' })}.${part({})}.`],
    ['signed by a secret', `${part({ alg: 'HS256', kid: 'own' })}.${part({})}.x`],
    ['with a key id that is not a string', `${part({ alg: 'ES256', kid: {} })}.${part({})}.x`],
    ['with a type that is not a string', `${part({ alg: 'ES256', typ: ['JWT'] })}.${part({})}.x`],
  ])('%s', async (_what, text) => {
    const { tokens, state } = service();
    expect(await tokens.principalOf(text)).toBeUndefined();
    expect(state.fetches).toBe(0);
  });
});

describe('a token is rejected', () => {
  it('signed by another issuer, with an unknown key, before its time, or with an unknown critical header', async () => {
    const { tokens } = service();
    for (const text of [
      await token({}, {}, stranger),
      await token({}, { kid: 'unknown' }),
      await token({ nbf: startedAtMs / 1000 + 1 }),
      `${await token()}x`,
    ])
      expect(await tokens.principalOf(text)).toBeUndefined();
  });

  it('from the second at which it ends, cached or not', async () => {
    const { tokens, state } = service();
    const brief = await token({ exp: startedAtMs / 1000 + 1 });
    expect(await tokens.principalOf(brief)).toEqual(ann);
    state.nowMs += 1000;
    expect(await tokens.principalOf(brief)).toBeUndefined();
  });

  it('within a minute of the withdrawal of its key, cached or not, used constantly or not', async () => {
    for (const steps of [[60], [10, 10, 10, 10, 10, 10]]) {
      const { tokens, state } = service({ own, stranger });
      const [mine, other] = [await token(), await token({}, { kid: 'stranger' }, stranger)];
      expect(await tokens.principalOf(mine)).toEqual(ann);
      state.pairs = { stranger };
      for (const seconds of steps) {
        state.nowMs += seconds * 1000;
        await tokens.principalOf(mine);
        await new Promise((done) => setImmediate(done));
      }
      expect([await tokens.principalOf(mine), await tokens.principalOf(other)]).toEqual([
        undefined,
        ann,
      ]);
    }
  });
});

describe('a new signing key', () => {
  it('is accepted as soon as the cooldown is over', async () => {
    const { tokens, state } = service();
    expect(await tokens.principalOf(await token())).toEqual(ann);
    state.pairs = { own, next: stranger };
    const next = await token({}, { kid: 'next' }, stranger);
    expect(await tokens.principalOf(next)).toBeUndefined();
    state.nowMs += 5_000;
    expect(await tokens.principalOf(next)).toEqual(ann);
  });
});

describe('while the issuer is unavailable', () => {
  it('a token is neither accepted nor rejected, and one fetch is tried for all tokens', async () => {
    const { tokens, state } = service('away');
    for (let index = 0; index < 20; index++)
      await expect(tokens.principalOf(await token({ sub: `ann-${index}` }))).rejects.toThrow(
        SigningKeysUnavailable,
      );
    expect(state.fetches).toBe(1);
  });

  it('tokens of known keys are accepted for less than a minute', async () => {
    const { tokens, state } = service();
    const mine = await token();
    expect(await tokens.principalOf(mine)).toEqual(ann);
    state.pairs = 'away';
    state.nowMs += 45_000;
    expect([
      await tokens.principalOf(mine),
      await tokens.principalOf(await token({ jti: '2' })),
    ]).toEqual([ann, ann]);
    state.nowMs += 15_000;
    await expect(tokens.principalOf(mine)).rejects.toThrow(SigningKeysUnavailable);
  });
});
