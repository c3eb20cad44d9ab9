import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compared, isSkipped, type Line, verdictOn } from './comparison.js';
import type { Machine } from './machine.js';

export interface Report {
  readonly startedAt: Date;
  readonly quick: boolean;
  /** The measured log. */
  readonly log: string;
  readonly machine: Machine;
  readonly loadAfter: number;
  readonly lines: readonly Line[];
}

/** Writes `reports/bench-<date>.json` and returns its path. */
export function writeReport(root: string, { lines, startedAt, ...report }: Report): string {
  const folder = join(root, 'reports');
  mkdirSync(folder, { recursive: true });
  const file = join(
    folder,
    `bench-${startedAt.toISOString().slice(0, 19).replaceAll(':', '-')}.json`,
  );
  const printed = lines.map((line) =>
    isSkipped(line)
      ? line
      : { ...line, compared: compared(line), verdict: verdictOn(line) ?? null },
  );
  writeFileSync(
    file,
    JSON.stringify({ startedAt: startedAt.toISOString(), ...report, lines: printed }, null, 2) +
      '\n',
  );
  return file;
}
