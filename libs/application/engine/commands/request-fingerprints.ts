import { createHash, createHmac, hash, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from '../../../event-log/canonical.js';
import {
  derivedKey,
  ErasurePending,
  type KeyStore,
  type SubjectKey,
} from '../../../platform/keys/key-store.js';
import type { RequestFingerprint } from './command-context.js';
import type { RecordedFingerprint } from './new-event.js';

/**
 * A request's identity: method, path and body as received. `body` is parsed JSON, or the digest of
 * an upload's bytes.
 */
export const plainFingerprint = (
  method: string,
  path: string,
  body: unknown,
): RequestFingerprint => ({
  kind: 'plain',
  digest: hash('sha256', canonicalJson([method, path, body ?? null]), 'base64url'),
});

/** The same for a request with personal data of `subject`. */
export const sealedFingerprint = (
  method: string,
  path: string,
  body: unknown,
  subject: string,
): RequestFingerprint => ({
  kind: 'sealed',
  subject,
  request: canonicalJson([method, path, body ?? null]),
});

export const digestOfBytes = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('base64url');

/**
 * Writes and compares request fingerprints; those of personal data are HMACs under the subject's
 * key.
 */
export class Fingerprints {
  constructor(private readonly keys: KeyStore) {}

  /** The fields for the metadata of the command's events. */
  async record(fingerprint: RequestFingerprint | undefined): Promise<RecordedFingerprint> {
    if (!fingerprint) return {};
    if (fingerprint.kind === 'plain') return { fingerprint: fingerprint.digest };
    const key = await this.keys.ensure(fingerprint.subject);
    return { fingerprint: mac(key, fingerprint.request), fingerprintGeneration: key.generation };
  }

  /** `erased`: the key of the recorded generation is destroyed. Throws ErasurePending. */
  async compare(
    fingerprint: RequestFingerprint | undefined,
    recorded: RecordedFingerprint,
  ): Promise<'same' | 'different' | 'erased'> {
    if (!fingerprint) return 'same';
    if (fingerprint.kind === 'plain') return same(fingerprint.digest, recorded.fingerprint);
    if (recorded.fingerprintGeneration === undefined) return 'different';

    const key = await this.keys.find(fingerprint.subject, recorded.fingerprintGeneration);
    if (key) return same(mac(key, fingerprint.request), recorded.fingerprint);
    if (await this.isPending(fingerprint.subject, recorded.fingerprintGeneration))
      throw new ErasurePending('the key that the request is compared under is being destroyed');
    return 'erased';
  }

  private async isPending(subject: string, generation: number): Promise<boolean> {
    return (await this.keys.generations(subject)).includes(generation);
  }
}

const mac = (key: SubjectKey, request: string): string =>
  createHmac('sha256', derivedKey(key, 'fingerprint')).update(request).digest('base64url');

function same(a: string, b: string | undefined): 'same' | 'different' {
  if (b === undefined || a.length !== b.length) return 'different';
  return timingSafeEqual(Buffer.from(a), Buffer.from(b)) ? 'same' : 'different';
}
