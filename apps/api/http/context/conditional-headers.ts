import { malformed, ProblemException } from '../problems/problem.js';

/** How a route treats the Idempotency-Key header. */
export type KeyUse = 'required' | 'accepted' | 'none';

/** 1 to 255 visible ASCII characters. */
export function idempotencyKey(sent: string | string[] | undefined, use: KeyUse): string | undefined {
  if (use === 'none') return undefined;
  if (sent === undefined) {
    if (use === 'required') throw new ProblemException('idempotency-key-required');
    return undefined;
  }
  if (typeof sent !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(sent)) {
    throw malformed({
      path: '/idempotency-key',
      code: sent === '' ? 'length' : 'pattern',
      expected: '^[\\x21-\\x7e]{1,255}$',
      in: 'header',
    });
  }
  return sent;
}

/** A strong entity tag with a revision in it, or `*`. Weak tags say that contents are alike, which is not enough to write on (RFC 9110, 13.1.1). */
export function ifMatch(sent: string | string[] | undefined): number | 'any' | undefined {
  if (sent === undefined) return undefined;
  if (sent === '*') return 'any';
  const revision = typeof sent === 'string' ? /^"(0|[1-9]\d{0,15})"$/.exec(sent)?.[1] : undefined;
  if (revision === undefined) throw malformed({ path: '/if-match', code: 'pattern', expected: '^"[0-9]+"$', in: 'header' });
  return Number(revision);
}
