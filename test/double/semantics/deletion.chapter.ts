import { describe, expect, it } from '@jest/globals';
import { event, events, failure, type World } from './world.js';

export function deletionChapter(world: () => World): void {
  const gone = (name: string) => ({
    is: 'StreamDeletedError',
    message: `9 FAILED_PRECONDITION: Event stream '${world().stream(name)}' is deleted.`,
    code: 9,
    type: 'stream-deleted',
  });

  describe('a deleted stream', () => {
    it('is not found, and continues at the next revision when it is written again', async () => {
      await world().append('deleted', events(2), 'no_stream');
      await world().client.deleteStream(world().stream('deleted'));
      expect(await failure(world().revisions('deleted'))).toMatchObject({
        is: 'StreamNotFoundError',
      });
      expect(await failure(world().append('deleted', event(), 'stream_exists'))).toEqual(
        gone('deleted'),
      );
      expect(await world().append('deleted', event(), 'no_stream')).toMatchObject({
        nextExpectedRevision: 2n,
      });
      await revisionsToBe('deleted', [2]);
    });

    /** The server undoes the deletion a moment after its reply. */
    async function revisionsToBe(name: string, expected: readonly number[]): Promise<void> {
      for (let tries = 0; tries < 50; tries++) {
        const found = await failure(world().revisions(name));
        if ('answered' in found) return expect(found['answered']).toEqual(expected);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(`${name} did not come back`);
    }

    it('is deleted only at the expected revision', async () => {
      await world().append('kept', events(2), 'no_stream');
      const name = world().stream('kept');
      expect(
        await failure(world().client.deleteStream(name, { expectedRevision: 9n })),
      ).toMatchObject({
        is: 'WrongExpectedVersionError',
        message: `9 FAILED_PRECONDITION: Delete failed due to WrongExpectedVersion. Stream: ${name}, Expected version: 9, Actual version: 1`,
      });
      expect(await failure(world().client.deleteStream(world().stream('never')))).toMatchObject({
        is: 'WrongExpectedVersionError',
      });
    });
  });

  it('with a tombstone is gone for ever', async () => {
    await world().append('buried', event(), 'no_stream');
    await world().client.tombstoneStream(world().stream('buried'));
    for (const asked of [
      () => world().append('buried', event(), 'any'),
      () => world().append('buried', event(), 'no_stream'),
      () => world().revisions('buried'),
      () => world().client.deleteStream(world().stream('buried')),
      () => world().client.tombstoneStream(world().stream('buried')),
    ])
      expect(await failure(asked())).toEqual(gone('buried'));
  });
}
