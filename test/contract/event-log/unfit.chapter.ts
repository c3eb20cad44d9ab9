import { describe, expect, it } from '@jest/globals';
import { eventId, streamName } from '../../../libs/domain/shared/ids.js';
import type { Append } from '../../../libs/event-log/event-log.js';
import { MAX_APPEND_BYTES, MAX_EVENT_BYTES } from '../../../libs/event-log/prepared-append.js';
import { canonicalJson } from '../../../libs/event-log/canonical.js';
import type { Bench } from '../event-log.contract.js';
import { all, appendOf, nextCommand, type SampleEvent } from '../sample-events.js';

const cycle: Record<string, unknown> = {};
cycle['self'] = cycle;

const UNFIT_DATA: readonly (readonly [what: string, data: unknown])[] = [
  ['no data', undefined],
  ['an undefined member', { a: undefined }],
  ['an undefined item', [undefined]],
  ['a BigInt', { a: 1n }],
  ['a function', { a: () => 1 }],
  ['a symbol', { a: Symbol('a') }],
  ['NaN', { a: Number.NaN }],
  ['infinity', { a: Number.POSITIVE_INFINITY }],
  ['a fraction', { a: 0.1 }],
  ['an unsafe integer', { a: 2 ** 53 }],
  ['a lone high surrogate', { a: 'x\ud83d' }],
  ['a lone low surrogate', { a: '\ude00x' }],
  ['U+0000', { a: 'x\0' }],
  ['U+0000 in a name', { 'x\0': 1 }],
  ['a lone surrogate in a name', { '\ud83d': 1 }],
  ['a date', { a: new Date(0) }],
  ['a map', { a: new Map([[1, 2]]) }],
  ['a cycle', cycle],
];

const withFirst = (change: object): Append => {
  const append = appendOf('a', -1);
  return { ...append, events: [{ ...append.events[0]!, ...change }] };
};

const UNFIT_APPENDS: readonly (readonly [what: string, append: () => Append])[] = [
  ['no events', () => ({ ...appendOf('a', -1), events: [] })],
  [
    'an index twice',
    () => ({
      ...appendOf('a', -1),
      events: [appendOf('a', -1).events[0]!, appendOf('a', -1).events[0]!],
    }),
  ],
  [
    'two commands',
    () => ({
      ...appendOf('a', -1),
      events: [...appendOf('a', -1).events, ...appendOf('a', -1, { firstIndex: 1 }).events],
    }),
  ],
  ['an id that is no UUID', () => withFirst({ id: eventId('e-1') })],
  ['version 0', () => withFirst({ version: 0 })],
  ['no type', () => withFirst({ type: '' })],
  ['no stream', () => ({ ...appendOf('a', -1), stream: streamName('') })],
  ["a claim's stream", () => ({ ...appendOf('a', -1), stream: streamName('command-1') })],
  ['an invalid revision', () => appendOf('a', 0.5)],
];

export function unfitChapter(bench: Bench): void {
  describe('an unfit append', () => {
    it.each(UNFIT_DATA)('is refused for %s in the data, and appends nothing', async (_, data) => {
      const append = appendOf('a', -1);
      const events = [{ ...append.events[0]!, data }];
      await expect(bench.log.append({ ...append, events })).rejects.toHaveProperty(
        'name',
        'UnfitEvent',
      );
      expect(await bench.log.head()).toBe(-1);
    });

    it.each(UNFIT_APPENDS)('%s', async (_, append) => {
      await expect(bench.log.append(append())).rejects.toHaveProperty('name', 'UnfitEvent');
      expect(await bench.log.head()).toBe(-1);
    });

    it('is refused alone among many appends', async () => {
      const outcomes = await Promise.allSettled([
        bench.log.append(appendOf('a', -1)),
        bench.log.append(appendOf('b', -1, { events: [{ data: { a: 'x\0' } }] })),
        bench.log.append(appendOf('c', -1)),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await all(bench.log)).toHaveLength(2);
    });

    it.each([
      ['of one-byte characters', 'x', 0, true],
      ['one byte more', 'x', 1, false],
      ['of three-byte characters', '関', 0, true],
      ['of three-byte characters, one byte more', '関', 1, false],
    ])('with an event above 512 KiB is refused: %s', async (_, character, more, fits) => {
      const append = appendOf('a', -1, {
        events: [eventOfBytes(MAX_EVENT_BYTES + more, character)],
      });
      if (fits) await expect(bench.log.append(append)).resolves.toHaveProperty('repeated', false);
      else await expect(bench.log.append(append)).rejects.toHaveProperty('name', 'UnfitEvent');
    });

    it.each([
      [0, true],
      [1, false],
    ])('above 900 KiB is refused: %i byte more, fits %s', async (more, fits) => {
      const half = MAX_APPEND_BYTES / 2;
      const append = appendOf('a', -1, {
        events: [eventOfBytes(half, 'x'), eventOfBytes(half + more, 'x')],
      });
      if (fits) await expect(bench.log.append(append)).resolves.toHaveProperty('repeated', false);
      else await expect(bench.log.append(append)).rejects.toHaveProperty('name', 'UnfitEvent');
    });
  });
}

/** An event whose data and metadata have exactly this length. */
function eventOfBytes(bytes: number, character: string): SampleEvent {
  const command = nextCommand();
  const metadata = appendOf('a', -1, { command }).events[0]!.metadata;
  const room =
    bytes -
    Buffer.byteLength(canonicalJson(metadata)) -
    Buffer.byteLength(canonicalJson({ text: '' }));
  const characterBytes = Buffer.byteLength(character);
  const text =
    character.repeat(Math.floor(room / characterBytes)) + 'x'.repeat(room % characterBytes);
  return { data: { text } };
}
