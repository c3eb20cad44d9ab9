import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { release } from '../../../libs/application/reference-data/project-root.js';
import type { Column, ReportRow } from '../../../libs/application/reports/report.js';
import type { ReportFormat } from './format.js';
import { type ParquetColumn, parquetColumns } from './parquet-columns.js';
import { reportHead } from './report-view.js';

/**
 * Rows of a row group: a group is held in memory until it is full, and writing it must not keep an
 * order waiting for long.
 */
const GROUP_ROWS = 1_000;

/**
 * A file for programs that calculate: every column in its type, the rest of what a report says as
 * key-values of the file.
 */
export const parquet: ReportFormat = {
  mediaType: 'application/vnd.apache.parquet',
  contentType: 'application/vnd.apache.parquet',
  extension: 'parquet',
  holdsTotals: true,

  async *chunks({ opened, totals, withRows }) {
    const file = new GroupedFile(opened.report.columns);
    let group: ReportRow[] = [];
    for await (const rows of opened.pages) {
      totals.count(rows);
      if (!withRows) continue;
      group.push(...rows);
      if (group.length < GROUP_ROWS) continue;
      yield file.group(group);
      group = [];
    }
    if (group.length > 0) yield file.group(group);
    const { columns, filters, ...head } = reportHead(opened);
    yield file.end({
      ...head,
      filters: JSON.stringify(filters),
      columns: JSON.stringify(columns),
      rowCount: totals.rowCount,
      controlTotals: JSON.stringify(totals.totals),
    });
  },
};

/**
 * The library's writer, whose bytes are taken from it group by group: what has been taken is not in
 * memory any more.
 */
class GroupedFile {
  private readonly bytes = new ByteWriter();
  private readonly columns: readonly ParquetColumn[];
  private readonly writer: ParquetWriter;

  constructor(columns: readonly Column[]) {
    this.columns = columns.flatMap(parquetColumns);
    const schema = [
      { name: 'report', num_children: this.columns.length },
      ...this.columns.map(({ element }) => element),
    ];
    this.writer = new ParquetWriter({
      writer: this.bytes,
      schema,
      createdBy: `sekisho version ${release()}`,
    });
  }

  group(rows: readonly ReportRow[]): Uint8Array {
    const columnData = this.columns.map(({ element: { name }, of }) => ({
      name,
      data: rows.map(of),
    }));
    // Nothing of this writer waits: it writes to memory.
    void this.writer.write({ columnData, rowGroupSize: rows.length });
    return this.taken();
  }

  /** The footer: it says where the groups are, so a file without it is none. */
  end(metadata: Readonly<Record<string, string | number>>): Uint8Array {
    this.writer.kvMetadata = Object.entries(metadata).map(([key, value]) => ({
      key: `sekisho.${key}`,
      value: String(value),
    }));
    void this.writer.finish();
    return this.taken();
  }

  private taken(): Uint8Array {
    const bytes = this.bytes.getBytes().slice();
    this.bytes.index = 0;
    return bytes;
  }
}
