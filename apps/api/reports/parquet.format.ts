import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { release } from '../../../libs/application/reference-data/project-root.js';
import type { ReportColumn, ReportRow } from '../../../libs/application/reports/report.js';
import type { ReportFormat } from './format.js';
import { type ParquetColumn, parquetColumns } from './parquet-columns.js';
import { reportHead } from './report-view.js';

/**
 * The rows of a row group. A group is in memory until it is full, and writing it must not delay
 * orders.
 */
const GROUP_ROWS = 1_000;

/**
 * A file for programs that calculate. Every column has its type; the head and the totals of the
 * report are key-value metadata of the file.
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
 * The writer of the library. Its bytes are taken group by group, and are then no longer in memory.
 */
class GroupedFile {
  private readonly bytes = new ByteWriter();
  private readonly columns: readonly ParquetColumn[];
  private readonly writer: ParquetWriter;

  constructor(columns: readonly ReportColumn[]) {
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
    // This writer never waits, because it writes to memory.
    void this.writer.write({ columnData, rowGroupSize: rows.length });
    return this.taken();
  }

  /** The footer, which has the positions of the groups. A file without it is invalid. */
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
