import { hkdfSync } from 'node:crypto';
import type { SubjectKey } from '../../platform/keys/key-store.js';

/**
 * One key a purpose (HKDF-SHA-256, RFC 5869), so that none is used for two things. The names are
 * stored forms: they never change.
 */
export const derivedKey = ({ key }: SubjectKey, purpose: 'seal' | 'mac' | 'fingerprint'): Buffer =>
  Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `sekisho:${purpose}`, 32));
