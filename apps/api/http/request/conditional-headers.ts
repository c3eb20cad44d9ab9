import type {
  CommandContext,
  Revisions,
} from '../../../../libs/application/engine/commands/command-context.js';
import { malformed, ProblemException } from '../problems/problem.js';

/** How a route uses the Idempotency-Key header. */
export type KeyUse = 'required' | 'accepted' | 'none';

type Sent = string | string[] | undefined;
const LONGEST_KEY = 255;

/** 1 to 255 visible ASCII characters. */
export function idempotencyKey(sent: Sent, use: KeyUse): string | undefined {
  if (use === 'none') return undefined;
  if (sent === undefined) {
    if (use === 'required') throw new ProblemException('idempotency-key-required');
    return undefined;
  }
  const path = '/idempotency-key';
  if (sent === '')
    throw malformed({ path, code: 'length', expected: 1, bound: 'min', in: 'header' });
  if (typeof sent !== 'string' || !/^[\x21-\x7e]+$/.test(sent)) {
    throw malformed({
      path,
      code: 'pattern',
      expected: `^[\\x21-\\x7e]{1,${LONGEST_KEY}}$`,
      in: 'header',
    });
  }
  if (sent.length > LONGEST_KEY)
    throw malformed({ path, code: 'length', expected: LONGEST_KEY, bound: 'max', in: 'header' });
  return sent;
}

/** RFC 9110, 8.8.3. `any` is `*`. */
type EntityTags = 'any' | readonly EntityTag[];
interface EntityTag {
  readonly opaque: string;
  readonly isWeak: boolean;
}

const TAG = '(?:W/)?"[\\x21\\x23-\\x7e\\x80-\\xff]*"';
/** `*`, or a list of entity tags; elements may be empty (RFC 9110, 5.6.1). */
export const entityTagsPattern = `^(?:\\*|(?:,[ \\t]*)*${TAG}(?:[ \\t]*,(?:[ \\t]*${TAG})?)*)$`;
const whole = new RegExp(entityTagsPattern);

function entityTags(sent: Sent, name: 'if-match' | 'if-none-match'): EntityTags | undefined {
  if (sent === undefined) return undefined;
  if (sent === '*') return 'any';
  if (typeof sent !== 'string' || !whole.test(sent)) {
    throw malformed({
      path: `/${name}`,
      code: 'pattern',
      expected: '^(\\*|(W/)?"[^"]*"(, (W/)?"[^"]*")*)$',
      in: 'header',
    });
  }
  return [...sent.matchAll(/(W\/)?"([^"]*)"/g)].map(([, weak, opaque = '']) => ({
    opaque,
    isWeak: weak !== undefined,
  }));
}

/**
 * If-Match uses the strong comparison: a weak tag only says that two contents are alike, and that
 * is not enough for a write (RFC 9110, 13.1.1).
 */
const strongOnly = (tags: EntityTags): EntityTags =>
  tags === 'any' ? tags : tags.filter(({ isWeak }) => !isWeak);

type Headers = Readonly<Record<string, Sent>>;
export type Preconditions = Pick<CommandContext, 'ifMatch' | 'ifNoneMatch'>;

/**
 * The preconditions of a command. They are checked in its decision, on the revision that guards its
 * append.
 */
export function preconditionsOf(headers: Headers): Preconditions {
  const match = entityTags(headers['if-match'], 'if-match');
  const noneMatch = entityTags(headers['if-none-match'], 'if-none-match');
  return {
    ...(match && { ifMatch: revisions(strongOnly(match)) }),
    ...(noneMatch && { ifNoneMatch: revisions(noneMatch) }),
  };
}

/**
 * The revisions among the tags. A tag that this service never issued matches nothing; it is not an
 * error.
 */
function revisions(tags: EntityTags): Revisions {
  if (tags === 'any') return tags;
  const numbers = tags
    .filter(({ opaque }) => /^(0|[1-9]\d{0,15})$/.test(opaque))
    .map(({ opaque }) => Number(opaque));
  return numbers.filter(Number.isSafeInteger);
}

/** The result of a read's preconditions, for a representation with this tag (RFC 9110, 13.2.2). */
export function judgeRead(headers: Headers, etag: string): 'whole' | 'not-modified' | 'failed' {
  const includes = (tags: EntityTags): boolean =>
    tags === 'any' || tags.some(({ opaque }) => `"${opaque}"` === etag);
  const ifMatch = entityTags(headers['if-match'], 'if-match');
  const ifNoneMatch = entityTags(headers['if-none-match'], 'if-none-match');
  if (ifMatch !== undefined && !includes(strongOnly(ifMatch))) return 'failed';
  return ifNoneMatch !== undefined && includes(ifNoneMatch) ? 'not-modified' : 'whole';
}
