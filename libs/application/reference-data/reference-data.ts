import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProgramEvent, ReferenceName } from '../../domain/program/program.js';
import { isDate } from '../../domain/shared/calendar.js';
import { canonicalJson } from '../../event-log/canonical.js';
import { BadReferenceData } from './csv-rows.js';
import { projectRoot } from './project-root.js';
import { readRows } from './read-rows.js';

/** Reference data from one file. A start appends it if the log does not have this content yet. */
export type PublishedReferenceData = Extract<
  ProgramEvent,
  { type: 'ReferenceDataPublished' }
>['data'];

export const referenceDataFolder = (): string => join(projectRoot(), 'reference-data');

/**
 * All reference data of this build, in the order of `sources.json`. Throws BadReferenceData with
 * file and line.
 */
export function loadReferenceData(
  folder: string = referenceDataFolder(),
): readonly PublishedReferenceData[] {
  return sourcesIn(folder).map(({ name, file, asOf }) => {
    const rows = readRows[name](file, readFileSync(join(folder, file), 'utf8'));
    // `rows` has the type for `name`, because `readRows` maps names to readers. The compiler cannot
    // see this for the union.
    return { name, asOf, digest: digestOfRows(rows), rows } as PublishedReferenceData;
  });
}

/** SHA-256 of the rows as RFC 8785 JSON, base64url. */
export const digestOfRows = (rows: readonly unknown[]): string =>
  createHash('sha256').update(canonicalJson(rows)).digest('base64url');

interface Source {
  readonly name: ReferenceName;
  readonly file: string;
  /** The date of the source, or the date of copying if the source has none. */
  readonly asOf: string;
}

function sourcesIn(folder: string): readonly Source[] {
  const sources: unknown = JSON.parse(readFileSync(join(folder, 'sources.json'), 'utf8'));
  if (!Array.isArray(sources) || !sources.every(isSource))
    throw new BadReferenceData('sources.json', 1, 'the file is not a list of { name, file, asOf }');
  const names = sources.map(({ name }) => name).sort();
  if (names.join() !== Object.keys(readRows).sort().join()) {
    throw new BadReferenceData(
      'sources.json',
      1,
      `the file must name each of ${Object.keys(readRows).join(', ')} once`,
    );
  }
  return sources;
}

function isSource(value: unknown): value is Source {
  if (typeof value !== 'object' || value === null) return false;
  const { name, file, asOf } = value as Partial<Record<keyof Source, unknown>>;
  return (
    typeof name === 'string' &&
    Object.hasOwn(readRows, name) &&
    typeof file === 'string' &&
    typeof asOf === 'string' &&
    isDate(asOf)
  );
}
