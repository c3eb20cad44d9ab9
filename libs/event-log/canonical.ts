import type { LoggedEvent } from './event-log.js';
import { UnfitEvent } from './errors.js';

/**
 * A value that is nested deeper is a defect or a cycle: no event of the catalogue is nested deeper
 * than ten levels.
 */
const MAX_DEPTH = 64;

/**
 * Canonical JSON (RFC 8785, JCS) of the values that a log may hold: strings, booleans, safe
 * integers, null, arrays and objects. Any other value is refused with its path, so that no log
 * holds a value that another could not give back. One walk checks and writes, because every event
 * passes here. For all accepted values the output equals that of the library `canonicalize`
 * (canonical.spec.ts).
 */
export function canonicalJson(value: unknown): string {
  if (isInOrder(value, 0)) {
    const text = JSON.stringify(value);
    // An escape may be a lone surrogate or U+0000, which need the full check.
    if (!text.includes('\\u')) return text;
  }
  try {
    return write(value, 0);
  } catch (error) {
    if (error instanceof Misfit)
      throw new UnfitEvent(`at /${error.path.join('/')}: ${error.message}`);
    throw error;
  }
}

/**
 * Whether `JSON.stringify` already writes the canonical form: all values fit and the members of
 * every object are in order. Most events are created that way, because the engine writes several
 * times as fast as this file.
 */
function isInOrder(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isSafeInteger(value);
    case 'object':
      if (value === null) return true;
      if (depth === MAX_DEPTH) return false;
      return Array.isArray(value) ? isArrayInOrder(value, depth) : isRecordInOrder(value, depth);
    default:
      return false;
  }
}

function isArrayInOrder(items: readonly unknown[], depth: number): boolean {
  // By index, because an array with a hole has no JSON.
  for (let index = 0; index < items.length; index++)
    if (!isInOrder(items[index], depth + 1)) return false;
  return true;
}

function isRecordInOrder(value: object, depth: number): boolean {
  if (!isRecord(value)) return false;
  let before = '';
  for (const name of Object.keys(value)) {
    if (name < before || !isInOrder(value[name], depth + 1)) return false;
    before = name;
  }
  return true;
}

const textsOfData = new WeakMap<object, string>();

/**
 * The canonical JSON of an event's data, cached because both its id and the log need it. The data
 * of an event does not change once proposed.
 */
export function canonicalData(data: unknown): string {
  if (typeof data !== 'object' || data === null) return canonicalJson(data);
  const known = textsOfData.get(data);
  if (known !== undefined) return known;
  const text = canonicalJson(data);
  textsOfData.set(data, text);
  return text;
}

/**
 * The form of an event that is hashed and exported: the same on every log, for ever, without
 * position and store times. The members are put in JCS order by hand, because data and metadata are
 * large and already canonical where they are stored.
 */
export const canonicalEnvelope = ({
  data,
  metadata,
  ...event
}: Omit<LoggedEvent, 'position'>): string =>
  envelopeOf({ ...event, data: canonicalJson(data), metadata: canonicalJson(metadata) });

export interface StoredTexts extends Omit<LoggedEvent, 'position' | 'data' | 'metadata'> {
  /** Canonical JSON. */
  readonly data: string;
  readonly metadata: string;
}

export const envelopeOf = ({
  id,
  type,
  version,
  stream,
  revision,
  recordedAt,
  data,
  metadata,
}: StoredTexts): string =>
  `{"data":${data},"id":${JSON.stringify(id)},"metadata":${metadata},"recordedAt":${JSON.stringify(recordedAt)},` +
  `"revision":${revision},"stream":${JSON.stringify(stream)},"type":${JSON.stringify(type)},"version":${version}}`;

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return writeString(value);
    case 'number':
      if (Number.isSafeInteger(value)) return String(value);
      throw new Misfit(`${value} is not a safe integer; amounts are decimal strings`);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (depth === MAX_DEPTH) throw new Misfit(`nested deeper than ${MAX_DEPTH}`);
      return Array.isArray(value) ? writeArray(value, depth) : writeObject(value, depth);
    default:
      throw new Misfit(`${typeof value} is not JSON`);
  }
}

function writeArray(items: readonly unknown[], depth: number): string {
  let text = '[';
  let index = 0;
  try {
    for (; index < items.length; index++)
      text += (index === 0 ? '' : ',') + write(items[index], depth + 1);
  } catch (error) {
    throw under(index, error);
  }
  return text + ']';
}

function writeObject(value: object, depth: number): string {
  if (!isRecord(value))
    throw new Misfit(`${Object.prototype.toString.call(value)} is not a JSON object`);
  let text = '{';
  let name = '';
  try {
    for (name of sortedNames(value))
      text += (text === '{' ? '' : ',') + writeString(name) + ':' + write(value[name], depth + 1);
  } catch (error) {
    throw under(name, error);
  }
  return text + '}';
}

/**
 * By UTF-16 code units (RFC 8785 section 3.2.3). Sorting is the main cost here, and many objects
 * are already in order.
 */
function sortedNames(value: object): string[] {
  const names = Object.keys(value);
  for (let index = 1; index < names.length; index++) {
    if ((names[index] ?? '') < (names[index - 1] ?? '')) return names.sort();
  }
  return names;
}

/**
 * Characters that need the full check: control characters, the two that are escaped, surrogates.
 * Most strings have none.
 */
const SPECIAL = /[\u0000-\u001f"\\\ud800-\udfff]/;
/** Up to this length the expression is faster than `JSON.stringify`. */
const SHORT = 64;

function writeString(text: string): string {
  if (text.length < SHORT && !SPECIAL.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw new Misfit('a lone surrogate in a string');
  if (text.includes('\0')) throw new Misfit('U+0000 in a string');
  return JSON.stringify(text);
}

/**
 * Whether a value is a plain object and not a Date, Map or the like, whose content JSON would lose
 * or replace. Objects of another realm count as plain.
 */
function isRecord(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || Object.getPrototypeOf(prototype) === null) return true;
  return Object.prototype.toString.call(value) === '[object Object]' && !('toJSON' in value);
}

/**
 * A value that JSON cannot carry. Its path is added while the error propagates, so that valid
 * values cost nothing.
 */
class Misfit extends Error {
  readonly path: (string | number)[] = [];
}

function under(step: string | number, error: unknown): unknown {
  if (error instanceof Misfit) error.path.unshift(step);
  return error;
}
