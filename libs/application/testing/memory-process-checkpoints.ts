import { type ProcessCheckpoint, ProcessCheckpoints } from '../../read-models/opened-stores.js';

/** Checkpoints in memory, with the contract of the stores. Records every move in order. */
export class MemoryProcessCheckpoints extends ProcessCheckpoints {
  readonly moves: ProcessCheckpoint[] = [];
  private readonly kept = new Map<string, ProcessCheckpoint>();

  override async get(process: string): Promise<ProcessCheckpoint | undefined> {
    return this.kept.get(process);
  }

  override async moveTo(process: string, checkpoint: ProcessCheckpoint): Promise<void> {
    this.moves.push(checkpoint);
    if (checkpoint.position > (this.kept.get(process)?.position ?? -1))
      this.kept.set(process, checkpoint);
  }

  override async forget(process: string): Promise<void> {
    this.kept.delete(process);
  }
}
