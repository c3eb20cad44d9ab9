import { type FileRecord, RECORD_BYTES_AT_MOST } from '../../uploads/file-record.js';
import { DEPTH_AT_MOST, type JsonFault, readJson } from '../../../platform/json/read-json.js';
import { type FileLine, Lines, textOf, TOO_LONG } from '../../uploads/lines.js';

/**
 * Reads one JSON object a line and skips empty lines. Memory has one line and one piece at a time.
 */
export async function* readNdjson(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FileRecord> {
  const lines = new Lines('blanks');
  for await (const piece of bytes) {
    for (const line of lines.in(piece)) {
      const record = recordOf(line);
      if (record) yield record;
    }
  }
  const last = recordOf(lines.rest());
  if (last) yield last;
}

function recordOf(line: FileLine): FileRecord | undefined {
  if (line === TOO_LONG)
    return { fault: `the line is longer than ${RECORD_BYTES_AT_MOST / 1024} KiB` };
  if (isBlank(line)) return undefined;
  const read = readJson(line);
  return 'value' in read ? { fields: read.value } : { fault: faultText(read.fault) };
}

const BRACE = 0x7b;
/** A line that begins with a brace need not be decoded for this check. */
const isBlank = (line: Buffer): boolean => line[0] !== BRACE && textOf(line)?.trim() === '';

function faultText(fault: JsonFault): string {
  switch (fault.kind) {
    case 'encoding':
      return 'the line is not UTF-8';
    case 'syntax':
      return 'the line is not JSON';
    case 'depth':
      return `the line is nested deeper than ${DEPTH_AT_MOST}`;
    case 'names':
      return `the line has the same name twice: ${fault.paths.join(', ').slice(0, 200)}`;
  }
}
