import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventId } from '../../libs/domain/shared/ids.js';
import type { ProcessCheckpoints } from '../../libs/read-models/opened-stores.js';

export interface CheckpointsUnderTest {
  readonly checkpoints: ProcessCheckpoints;
  /** Another process's view of the same checkpoints. */
  readonly second: ProcessCheckpoints;
  readonly dispose: () => Promise<void>;
}

const at = (position: number) => ({ position, eventId: eventId(`e${position}`) });

/** The contract of every store of process checkpoints. */
export function processCheckpointsContract(
  name: string,
  make: () => Promise<CheckpointsUnderTest>,
): void {
  describe(`the process checkpoint contract: ${name}`, () => {
    let tested: CheckpointsUnderTest;
    let checkpoints: ProcessCheckpoints;
    beforeEach(async () => {
      tested = await make();
      checkpoints = tested.checkpoints;
    });
    afterEach(() => tested.dispose());

    it('has no checkpoint of a process that saved none', async () => {
      expect(await checkpoints.get('standing')).toBeUndefined();
      await checkpoints.forget('standing');
    });

    it('keeps one for each process, visible to every process', async () => {
      await checkpoints.moveTo('standing', at(4));
      await checkpoints.moveTo('billing', at(2));
      expect(await tested.second.get('standing')).toEqual(at(4));
      expect(await tested.second.get('billing')).toEqual(at(2));
    });

    it.each([
      [5, 5],
      [4, 4],
      [3, 4],
      [0, 4],
    ])('moves from 4 to %d: is at %d', async (to, expected) => {
      await checkpoints.moveTo('standing', at(4));
      await tested.second.moveTo('standing', at(to));
      expect(await checkpoints.get('standing')).toEqual(at(expected));
    });

    it('is at the greatest of several positions saved at once', async () => {
      const moves = Array.from({ length: 40 }, (_, index) => at((index * 17) % 40));
      await Promise.all(
        moves.map((move, index) =>
          (index % 2 === 0 ? checkpoints : tested.second).moveTo('standing', move),
        ),
      );
      expect(await checkpoints.get('standing')).toEqual(at(39));
    });

    it('starts again after it was deleted', async () => {
      await checkpoints.moveTo('standing', at(9));
      await checkpoints.forget('standing');
      expect(await tested.second.get('standing')).toBeUndefined();
      await checkpoints.moveTo('standing', at(0));
      expect(await tested.second.get('standing')).toEqual(at(0));
    });
  });
}
