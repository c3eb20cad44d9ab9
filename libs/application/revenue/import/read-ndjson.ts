import { type FileRecord, RECORD_BYTES_AT_MOST } from './file-record.js';
import { type Line, Lines, textOf, TOO_LONG } from './lines.js';

/** One JSON object a line; empty lines are passed over. Holds no more than a line and the piece it came in. */
export async function* readNdjson(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FileRecord> {
  const lines = new Lines();
  for await (const piece of bytes) {
    for (const line of lines.in(piece)) {
      const record = recordOf(line);
      if (record) yield record;
    }
  }
  const last = recordOf(lines.rest());
  if (last) yield last;
}

function recordOf(line: Line): FileRecord | undefined {
  if (line === TOO_LONG) return { fault: `the line is longer than ${RECORD_BYTES_AT_MOST / 1024} KiB` };
  const text = textOf(line);
  if (text === undefined) return { fault: 'the line is not UTF-8' };
  if (text.trim() === '') return undefined;
  try {
    return { fields: JSON.parse(text) as unknown };
  } catch {
    return { fault: 'the line is no JSON' };
  }
}
