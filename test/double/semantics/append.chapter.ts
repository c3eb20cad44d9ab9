import { randomUUID } from 'node:crypto';
import { ChannelCredentials, Client } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { inFull } from '../../support/repeats.js';
import { nameOf, services } from '../wire.js';
import { bytes, event, events, failure, ways, type World } from './world.js';

const MIB = 1024 * 1024;
type Expected = number | 'any' | 'stream_exists';

/** Letters are events: the same letter is the same event, by its id. */
const rows: readonly [
  title: string,
  stored: readonly string[],
  batch: string,
  at: Expected,
  gives: string,
][] = [
  ['new events of a new stream', [], 'ab', -1, 'revision 1 at ab'],
  ['new events after the last', ['a'], 'bc', 0, 'revision 2 at bc'],
  ['the same two again', ['ab'], 'ab', -1, 'revision 1 at b'],
  ['the same two again, after a later one', ['ab', 'c'], 'ab', -1, 'revision 1 at b'],
  ['one of two again at its old revision', ['ab', 'c'], 'a', -1, 'revision 0 at a'],
  ['the other of two again at its old revision', ['ab', 'c'], 'b', 0, 'revision 1 at b'],
  ['events of two appends again as one', ['ab', 'c'], 'abc', -1, 'revision 2 at c'],
  ['one again and a new one', ['ab', 'c'], 'bx', 0, 'conflict with 2'],
  ['all again and a new one after the last', ['ab', 'c'], 'abcx', -1, 'conflict with 2'],
  ['the same events in another order', ['ab'], 'ba', -1, 'conflict with 1'],
  ['another event before the last', ['ab'], 'x', 0, 'conflict with 1'],
  ['another event where no stream is expected', ['ab'], 'x', -1, 'conflict with 1'],
  ['after the last', ['ab'], 'x', 7, 'conflict with 1'],
  ['a known event at a revision after the last', ['ab'], 'b', 7, 'conflict with 1'],
  ['a known event directly after the last is written again', ['ab'], 'b', 1, 'revision 2 at b'],
  ['one event twice in an append is written twice', [], 'xx', -1, 'revision 1 at xx'],
  ['any revision', ['ab'], 'c', 'any', 'revision 2 at c'],
  ['any revision, just appended', ['ab', 'c'], 'b', 'any', 'revision 1 at b'],
  ['any revision, one just appended and a new one', ['ab'], 'bx', 'any', 'conflict with 1'],
  ['an existing stream', ['ab'], 'c', 'stream_exists', 'revision 2 at c'],
  ['an existing stream that does not exist', [], 'x', 'stream_exists', 'conflict with no_stream'],
  ['a revision of a stream that does not exist', [], 'x', 0, 'conflict with no_stream'],
  ['no events after the last', ['ab'], '', 1, 'revision 1'],
  ['no events before the last', ['ab'], '', 0, 'conflict with 1'],
];

export function appendChapter(world: () => World): void {
  describe.each(ways)('appends by the %s call', (way) => {
    let number = 0;

    it.each(rows)('%s', async (_title, stored, batch, at, gives) => {
      const name = `append-${way}-${number++}`;
      const known = new Map<string, ReturnType<typeof event>>();
      const eventsOf = (letters: string) =>
        [...letters].map(
          (letter) => known.get(letter) ?? known.set(letter, event(randomUUID())).get(letter)!,
        );
      const places = new Map<string, bigint>();
      const append = async (letters: string, expected: Expected): Promise<string> => {
        const expectedRevision =
          expected === -1
            ? 'no_stream'
            : typeof expected === 'number'
              ? BigInt(expected)
              : expected;
        const { nextExpectedRevision, position } = await world().append(
          name,
          eventsOf(letters),
          expectedRevision,
          way,
        );
        expect(position!.commit).toBe(position!.prepare);
        const before = [...places].find(([, commit]) => commit === position!.commit)?.[0];
        if (letters !== '') places.set(letters.slice(-1), position!.commit);
        return `revision ${nextExpectedRevision}${letters === '' ? '' : ` at ${before ?? letters}`}`;
      };
      let revision = -1;
      for (const letters of stored) {
        await append(letters, revision);
        await place(name, letters, revision + 1, places);
        revision += letters.length;
      }
      const outcome = await append(batch, at).catch(async () => {
        const { is, actualVersion } = await failure(
          world().append(name, eventsOf(batch), expectedOf(at), way),
        );
        expect(is).toBe('WrongExpectedVersionError');
        return `conflict with ${String(actualVersion)}`;
      });
      expect(outcome).toBe(gives);
    });

    const expectedOf = (at: Expected) =>
      at === -1 ? 'no_stream' : typeof at === 'number' ? BigInt(at) : at;

    /** The server's position of each letter. */
    async function place(
      name: string,
      letters: string,
      from: number,
      places: Map<string, bigint>,
    ): Promise<void> {
      const stream = world().client.readStream(world().stream(name), {
        fromRevision: BigInt(from),
      });
      for await (const { event } of stream)
        places.set(letters[Number(event!.revision) - from]!, event!.position!.commit);
    }

    it('reports only type and revisions in a conflict', async () => {
      await world().append(`bare-${way}`, events(2), 'no_stream', way);
      expect(await failure(world().append(`bare-${way}`, event(), 5n, way))).toEqual({
        is: 'WrongExpectedVersionError',
        message: '',
        type: 'wrong-expected-version',
        expectedVersion: 5n,
        actualVersion: 1n,
      });
    });

    it.each([
      ['data of 1 MiB', () => [bytes(MIB)], true],
      ['data of 1 MiB and a byte', () => [bytes(MIB + 1)], false],
      ['data of 1 MiB in two events', () => [bytes(MIB / 2), bytes(MIB / 2)], true],
      ['data of 1 MiB and a byte in two events', () => [bytes(MIB / 2), bytes(MIB / 2 + 1)], false],
      ['metadata of 2 MiB, which is not counted', () => [bytes(10, 2 * MIB)], true],
    ])('accepts or refuses %s', async (_title, made, isTaken) => {
      const outcome = await failure(world().append(`large-${way}`, made(), 'any', way));
      if (isTaken) expect(outcome).toMatchObject({ answered: { success: true } });
      else
        expect(outcome).toEqual({
          is: 'MaxAppendSizeExceededError',
          message:
            way === 'unary' ? '3 INVALID_ARGUMENT: Maximum Append Size of 1048576 Exceeded.' : '',
          ...(way === 'unary' && { code: 3 }),
          type: 'maximum-append-size-exceeded',
          maxAppendSize: MIB,
        });
    });

    // Sending 16 MiB costs as much as all other appends.
    const isSent = way === 'unary' || inFull;
    (isSent ? it : it.skip)('ends the call at a message of 16 MiB', async () => {
      expect(await failure(world().append(`huge-${way}`, bytes(16 * MIB), 'any', way))).toEqual({
        is: 'UnknownError',
        message:
          '8 RESOURCE_EXHAUSTED: Received message exceeds the maximum configured message size.',
        code: 8,
        type: 'unknown',
      });
      expect(await world().append(`huge-${way}`, event(), 'any', way)).toMatchObject({
        success: true,
      });
    });
  });

  it('may take the events that arrived before a cancellation for the whole append', async () => {
    const outcomes = new Set<string>();
    // The real server does so when it notices the end of the stream before the cancellation, more
    // often than not.
    for (let tries = 0; tries < 20 && !outcomes.has('0,1,2'); tries++) {
      const name = `half-${tries}`;
      await cancelledAppend(world().address, world().stream(name), 3);
      await passing(50);
      outcomes.add(
        (
          await world()
            .revisions(name)
            .catch(() => [])
        ).join(),
      );
    }
    expect([...outcomes].filter((revisions) => revisions !== '')).toEqual(['0,1,2']);
  });

  it('returns offsets as positions: for an append of several events that of the last, each event with its own', async () => {
    const first = await world().append('offsets', event(), 'no_stream');
    const [size, ...others] = await sizes(world(), ['offsets-b', 'offsets-c'], 3);
    expect(size).toBeGreaterThan(0n);
    expect(others.every((other) => other === size)).toBe(true);
    const last = await world().append('offsets', events(3), first.nextExpectedRevision);
    const found: bigint[] = [];
    for await (const { event, commitPosition } of world().client.readStream(
      world().stream('offsets'),
    )) {
      expect(event!.position).toEqual({ commit: commitPosition, prepare: commitPosition });
      found.push(commitPosition!);
    }
    expect(found.at(-1)).toBe(last.position!.commit);
  });
}

/** Sends the options and some events of an append, and cancels before its end. */
async function cancelledAppend(address: string, stream: string, count: number): Promise<void> {
  const streams = new Client(address, ChannelCredentials.createInsecure());
  const { path, requestSerialize, responseDeserialize } = services.streams['Append']!;
  const ended = new Promise((resolve) => {
    const call = streams.makeClientStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      resolve,
    );
    const properties = { type: 'T', 'content-type': 'application/json' };
    call.write({ options: { stream: nameOf(stream), noStream: {} } });
    for (let sent = 0; sent < count; sent++)
      call.write({ proposed: { id: { text: randomUUID() }, properties, data: Buffer.from('{}') } });
    void passing(100).then(() => call.cancel());
  });
  await ended;
  streams.close();
}

const passing = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Distances between neighbouring events of the same size, in streams with names of the same length.
 */
async function sizes(
  world: World,
  names: readonly string[],
  count: number,
): Promise<readonly bigint[]> {
  const distances: bigint[] = [];
  for (const name of names) {
    await world.append(name, events(count), 'no_stream');
    let before: bigint | undefined;
    for await (const { commitPosition } of world.client.readStream(world.stream(name))) {
      if (before !== undefined) distances.push(commitPosition! - before);
      before = commitPosition!;
    }
  }
  return distances;
}
