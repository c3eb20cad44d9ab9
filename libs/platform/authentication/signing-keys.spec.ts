import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair } from 'jose';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fetchKeys, SigningKeys, SigningKeysUnavailable } from './signing-keys.js';

/** An issuer that returns the texts in `answers`, or is unavailable. */
function issuer(answers: { text: string | undefined }) {
  let nowMs = 1_000_000;
  let fetches = 0;
  const keys = new SigningKeys('https://issuer.example/jwks?token=secret', {
    nowMs: () => nowMs,
    fetchText: async () => {
      fetches++;
      await Promise.resolve();
      if (answers.text === undefined) throw new Error('ECONNREFUSED');
      return answers.text;
    },
  });
  return { keys, fetches: () => fetches, pass: (seconds: number) => (nowMs += seconds * 1000) };
}
const settled = (): Promise<void> => new Promise((done) => setImmediate(done));

let one: string;
let two: string;
beforeAll(async () => {
  const texts = await Promise.all(
    ['one', 'two'].map(async (kid) =>
      JSON.stringify({
        keys: [
          { ...(await exportJWK((await generateKeyPair('ES256')).publicKey)), kid, alg: 'ES256' },
        ],
      }),
    ),
  );
  [one = '', two = ''] = texts;
});

describe("the issuer's keys", () => {
  it('are fetched once for simultaneous requests', async () => {
    const { keys, fetches } = issuer({ text: one });
    const sets = await Promise.all(Array.from({ length: 20 }, () => keys.current()));
    expect([fetches(), new Set(sets).size]).toEqual([1, 1]);
  });

  it('are fetched again in the background, and are the same object while their text is the same', async () => {
    const answers = { text: one };
    const { keys, fetches, pass } = issuer(answers);
    const first = await keys.current();
    pass(26);
    expect(await keys.current()).toBe(first);
    await settled();
    expect([fetches(), await keys.current()]).toEqual([2, first]);
    answers.text = two;
    pass(26);
    await keys.current();
    await settled();
    expect(await keys.current()).not.toBe(first);
  });

  it('are used at most a minute after their withdrawal, even if they are rarely requested', async () => {
    const answers = { text: one };
    const { keys, pass } = issuer(answers);
    const first = await keys.current();
    answers.text = two;
    pass(55);
    expect(await keys.current()).not.toBe(first);
  });

  it('are used for less than a minute while the issuer is unavailable, without a fetch per request', async () => {
    const answers: { text: string | undefined } = { text: one };
    const { keys, fetches, pass } = issuer(answers);
    const first = await keys.current();
    answers.text = undefined;
    pass(45);
    for (let request = 0; request < 50; request++) expect(await keys.current()).toBe(first);
    await settled();
    expect(fetches()).toBe(2);
    pass(10);
    for (let request = 0; request < 50; request++)
      await expect(keys.current()).rejects.toThrow(SigningKeysUnavailable);
    expect(fetches()).toBe(3);
    answers.text = one;
    await expect(keys.current()).rejects.toThrow(SigningKeysUnavailable);
    pass(5);
    expect(await keys.current()).toBe(first);
  });

  it('are fetched once per cooldown for unknown keys', async () => {
    const { keys, fetches, pass } = issuer({ text: one });
    const first = await keys.current();
    for (let request = 0; request < 50; request++) expect(await keys.newest()).toBe(first);
    expect(fetches()).toBe(1);
    pass(5);
    for (let request = 0; request < 50; request++) expect(await keys.newest()).toBe(first);
    expect(fetches()).toBe(2);
  });

  it.each(['', '{', '[]', '{"keys":{}}', '{"keys":[1]}'])(
    'are not accepted from %j',
    async (text) => {
      await expect(issuer({ text }).keys.current()).rejects.toThrow(
        /^the signing keys at https:\/\/issuer\.example\/jwks cannot/,
      );
    },
  );
});

describe('what an issuer answers', () => {
  let server: Server;
  let base: string;
  beforeAll(async () => {
    server = createServer(({ url = '' }, response) => {
      if (url === '/moved') return response.writeHead(302, { location: '/good' }).end();
      if (url === '/broken') return response.writeHead(500).end();
      if (url === '/large') return response.end('x'.repeat(300 * 1024));
      return response.end(url === '/bytes' ? Buffer.from([0x22, 0xff, 0x22]) : '{"keys":[]}');
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.closeAllConnections());
  afterAll(() => new Promise((done) => server.close(done)));

  it('is returned as text', async () =>
    expect(await fetchKeys(`${base}/good`)).toBe('{"keys":[]}'));
  it.each(['/moved', '/broken', '/large', '/bytes'])('is rejected: %s', (path) =>
    expect(fetchKeys(base + path)).rejects.toThrow(),
  );
});
