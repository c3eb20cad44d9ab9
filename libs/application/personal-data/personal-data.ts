import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { StreamName } from '../../domain/shared/ids.js';
import type { Sealed } from '../../domain/shared/sealed.js';
import { canonicalJson } from '../../event-log/canonical.js';
import { derivedKey, type KeyStore } from '../../platform/keys/key-store.js';

/**
 * The place of a sealed value. The value is bound to it (as AES-GCM's additional data), so it
 * cannot be moved to another place.
 */
export interface Place {
  readonly stream: StreamName;
  readonly type: string;
  /** JSON pointer into the event's data, RFC 6901. */
  readonly pointer: string;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Seals personal data before it is appended, and opens it while its subject's key exists. */
export class PersonalData {
  constructor(private readonly keys: KeyStore) {}

  async seal(subject: string, place: Place, value: unknown): Promise<Sealed> {
    const key = await this.keys.ensure(subject);
    const text = canonicalJson(value);
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', derivedKey(key, 'seal'), iv).setAAD(
      additionalData(place),
    );
    const box = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    const mac = createHmac('sha256', derivedKey(key, 'mac')).update(text).digest('base64url');
    return {
      sealed: 1,
      subject,
      generation: key.generation,
      iv: iv.toString('base64url'),
      box: box.toString('base64url'),
      mac,
    };
  }

  /** Undefined when the key has been destroyed. */
  async open(sealed: Sealed, place: Place): Promise<unknown> {
    const key = await this.keys.find(sealed.subject, sealed.generation);
    if (!key) return undefined;

    const box = Buffer.from(sealed.box, 'base64url');
    const decipher = createDecipheriv(
      'aes-256-gcm',
      derivedKey(key, 'seal'),
      Buffer.from(sealed.iv, 'base64url'),
    )
      .setAAD(additionalData(place))
      .setAuthTag(box.subarray(-TAG_BYTES));
    return JSON.parse(
      Buffer.concat([decipher.update(box.subarray(0, -TAG_BYTES)), decipher.final()]).toString(
        'utf8',
      ),
    );
  }
}

const additionalData = ({ stream, type, pointer }: Place): Buffer =>
  Buffer.from(canonicalJson([stream, type, pointer]));
