import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readJson } from '../json/read-json.js';
import { isRole, type Principal, type Role, roles as knownRoles } from './principal.js';

/** A key as its file stores it: the SHA-256 of the secret, not the secret. */
export interface ApiKey {
  readonly id: string;
  /** Hex, of the secret's UTF-8 bytes. */
  readonly sha256: string;
  readonly roles: readonly Role[];
  readonly partnerIds?: readonly string[];
  /** First day (UTC) on which the key is no longer valid. */
  readonly expiresOn?: string;
}

/** The key file is invalid; the message names the place and the reason. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
}

/** Finds the principal of a secret. */
export interface KeyRing {
  principalOf(secret: string, today: () => string): Principal | undefined;
  expiredId(secret: string, today: () => string): string | undefined;
}

export const digestOfKey = (secret: string): string => hash('sha256', secret, 'hex');

/**
 * Keys by the digest of their secret, so that the time of a lookup reveals nothing about secrets.
 */
export class ApiKeys implements KeyRing {
  private readonly byDigest: ReadonlyMap<
    string,
    { readonly principal: Principal; readonly expiresOn?: string }
  >;

  constructor(keys: readonly ApiKey[]) {
    this.byDigest = new Map(
      keys.map(({ id, sha256, roles, partnerIds, expiresOn }) => [
        sha256.toLowerCase(),
        {
          principal: { id: `key:${id}`, roles, ...(partnerIds && { partnerIds }) },
          ...(expiresOn && { expiresOn }),
        },
      ]),
    );
  }

  /** The id of an expired key, for the log. */
  expiredId(secret: string, today: () => string): string | undefined {
    const key = this.byDigest.get(digestOfKey(secret));
    return key?.expiresOn !== undefined && today() >= key.expiresOn ? key.principal.id : undefined;
  }

  /** Undefined for an unknown and for an expired key alike. */
  principalOf(secret: string, today: () => string): Principal | undefined {
    const key = this.byDigest.get(digestOfKey(secret));
    if (!key || (key.expiresOn !== undefined && today() >= key.expiresOn)) return undefined;
    return key.principal;
  }
}

/** Reads the key file for a start, which needs at least one key. */
export function readKeyFile(path: string, text = keyFileText(path)): readonly ApiKey[] {
  const keys = parseKeyFile(path, text);
  if (keys.length === 0) throw unusable(path, '"keys" is empty, so no caller could be authorized');
  return keys;
}

export function keyFileText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw unreadable(path, String(error), error);
  }
}

/**
 * Reads the keys from the file's text. An empty list is valid: a running service withdraws its last
 * key that way.
 */
export function parseKeyFile(path: string, text: string): readonly ApiKey[] {
  const refuse = (where: string, what: string): never => {
    throw unusable(path, `${where} ${what}`);
  };
  const content = jsonOf(path, text);
  if (!isRecord(content) || !Array.isArray(content['keys']))
    return refuse('it', 'must be { "keys": [ … ] }');
  const unknown = Object.keys(content).find((field) => field !== 'keys');
  if (unknown !== undefined) return refuse('it', `has an unknown field "${unknown}"; known: keys`);
  const keys = content['keys'].map((entry: unknown, index) =>
    keyOf(entry, (what) => refuse(`keys[${index}]`, what)),
  );
  for (const field of ['id', 'sha256'] as const) {
    const seen = new Set<string>();
    const twice = keys.find((key) => seen.size === seen.add(key[field].toLowerCase()).size);
    if (twice) return refuse('keys', `has the same ${field} twice (at id "${twice.id}")`);
  }
  return keys;
}

const unusable = (path: string, why: string): KeyFileError =>
  new KeyFileError(`The key file ${path} is not usable: ${why}`);
const unreadable = (path: string, why: string, cause?: unknown): KeyFileError =>
  new KeyFileError(`The key file ${path} cannot be read: ${why}`, { cause });

/** Refuses repeated names in an object: readers of the file could understand different limits. */
function jsonOf(path: string, text: string): unknown {
  const read = readJson(Buffer.from(text));
  if (!('fault' in read)) return read.value;
  const { fault } = read;
  if (fault.kind === 'names')
    throw unusable(path, `it repeats a name in one object (${fault.paths.join(', ')})`);
  throw unreadable(path, 'it is not JSON', fault.kind === 'syntax' ? fault.cause : undefined);
}

const fields = ['id', 'sha256', 'roles', 'partnerIds', 'expiresOn'];

function keyOf(entry: unknown, refuse: (what: string) => never): ApiKey {
  if (!isRecord(entry)) return refuse('must be an object');
  const { id, sha256, roles, partnerIds, expiresOn } = entry;
  const unknown = Object.keys(entry).find((field) => !fields.includes(field));
  if (unknown !== undefined)
    return refuse(`has an unknown field "${unknown}"; known: ${fields.join(', ')}`);
  if (typeof id !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(id))
    return refuse('needs an "id" of 1 to 128 visible ASCII characters');
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/i.test(sha256))
    return refuse(`("${id}") needs "sha256": 64 hexadecimal digits`);
  if (!Array.isArray(roles) || roles.length === 0 || !roles.every(isRole)) {
    return refuse(`("${id}") needs "roles": one or more of ${knownRoles.join(', ')}`);
  }
  if (partnerIds !== undefined && !isStrings(partnerIds))
    return refuse(`("${id}") has "partnerIds" that are not a list of strings`);
  if (expiresOn !== undefined && (typeof expiresOn !== 'string' || !isDate(expiresOn)))
    return refuse(`("${id}") has an "expiresOn" that is not a date`);
  return {
    id,
    sha256,
    roles,
    ...(partnerIds !== undefined && { partnerIds }),
    ...(expiresOn !== undefined && { expiresOn }),
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');
const isDate = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) &&
  !Number.isNaN(Date.parse(text)) &&
  new Date(text).toISOString().startsWith(text);
