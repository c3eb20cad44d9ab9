import { LRUCache } from 'lru-cache';
import { Injectable } from '@nestjs/common';
import {
  type MicrosoftLine,
  microsoftLine,
} from '../../../domain/billing/reconciliation/microsoft-line.js';
import type { OurLine } from '../../../domain/billing/reconciliation/our-line.js';
import {
  type ClassSum,
  classSums,
  reconcile,
  type ReconciledLine,
  type ReconciliationClass,
} from '../../../domain/billing/reconciliation/reconcile.js';
import type { ReconciliationFile } from '../../../domain/billing/reconciliation/reconciliation-file.js';
import { type ImportEvent, microsoftRowsOf } from '../../../domain/import/import.js';
import { requiredPolicyOn } from '../../../domain/program/program.js';
import type { ImportId } from '../../../domain/shared/ids.js';
import { sumOf } from '../../../domain/shared/money.js';
import { importStream } from '../../../domain/shared/streams.js';
import { EventLog, type Position } from '../../../event-log/event-log.js';
import { PastView } from '../../engine/states/view.js';
import { ProgramHistory } from '../../records/program-history.js';
import { OurCharges } from './our-charges.js';
import { reconciliationFold } from './reconciliation-fold.js';

export type ClassSums = Readonly<Record<ReconciliationClass, ClassSum>>;

/** Microsoft's file for an invoice, compared with our charges as known at a position. */
export interface Comparison {
  readonly invoiceNumber: string;
  readonly revision: number;
  readonly file: ReconciliationFile;
  readonly knownAt: Position;
  readonly tolerance: string;
  readonly classes: ClassSums;
  /** Those of the file in its order, then those of ours alone by customer and date. */
  readonly lines: readonly ReconciledLine[];
}

/** A line takes about 600 bytes. */
const LINES_KEPT_AT_MOST = 400_000;
/** The number of lines to compare before other work gets the event loop. */
const LINES_AT_A_TIME = 500;

/**
 * Compares on reading: the result is a function of the log up to a position, so the same question
 * has the same answer at any time (docs/decisions/0055). The last answers are kept in memory,
 * because a client reads the lines of one page by page.
 */
@Injectable()
export class Comparisons {
  private readonly kept = new LRUCache<string, Comparison>({ maxSize: LINES_KEPT_AT_MOST });

  constructor(
    private readonly log: EventLog,
    private readonly programs: ProgramHistory,
    private readonly ours: OurCharges,
  ) {}

  /** `asOf` is the day whose policy has the tolerance. Undefined: there was no file by then. */
  async of(
    invoiceNumber: string,
    knownAt: Position,
    asOf: string,
  ): Promise<Comparison | undefined> {
    const key = JSON.stringify([invoiceNumber, knownAt, asOf]);
    const before = this.kept.get(key);
    if (before) return before;
    const comparison = await this.compared(invoiceNumber, knownAt, asOf);
    if (comparison) this.kept.set(key, comparison, { size: Math.max(1, comparison.lines.length) });
    return comparison;
  }

  /** The file that a comparison would be about. */
  async fileAt(
    invoiceNumber: string,
    knownAt: Position,
  ): Promise<{ readonly file: ReconciliationFile; readonly revision: number } | undefined> {
    const view = new PastView(this.log, knownAt);
    const { state, revision } = await view.load(reconciliationFold(invoiceNumber));
    return state.file && { file: state.file, revision };
  }

  private async compared(
    invoiceNumber: string,
    knownAt: Position,
    asOf: string,
  ): Promise<Comparison | undefined> {
    const found = await this.fileAt(invoiceNumber, knownAt);
    if (!found) return undefined;
    const { file, revision } = found;
    const { partnerId, currency, months } = file;
    const program = await this.programs.at(knownAt);
    const tolerance = requiredPolicyOn(program, asOf).policy.reconciliationTolerance;
    const theirs = await this.linesOf(file.importId);
    const ours = await this.ours.find({ partnerId, currency, months, knownAt });
    const { lines, classes } = await reconciled(theirs, ours, tolerance);
    return { invoiceNumber, revision, file, knownAt, tolerance, classes, lines };
  }

  /** Reads one chunk at a time, so that orders are processed in between. */
  private async linesOf(importId: ImportId): Promise<readonly MicrosoftLine[]> {
    const lines: MicrosoftLine[] = [];
    for (let from = 0; ; from += 1) {
      const event = await this.eventAt(importId, from);
      if (event?.type !== 'ImportChunkAdded') return lines;
      for (const { cells, row } of microsoftRowsOf(event.data.rows)) {
        const line = microsoftLine(cells, row);
        if (!line.ok) throw new Error(`row ${row} of ${importId}: ${line.refusal.join('; ')}`);
        lines.push(line.value);
      }
      await new Promise(setImmediate);
    }
  }

  private async eventAt(importId: ImportId, revision: number): Promise<ImportEvent | undefined> {
    const at = { from: revision, limit: 1 };
    for await (const [event] of this.log.readStream(importStream(importId), at))
      // the stream of an import has only import events
      return event as (typeof event & ImportEvent) | undefined;
    return undefined;
  }
}

/** The same as `reconcile`, customer by customer: no key has lines of two customers. */
async function reconciled(
  theirs: readonly MicrosoftLine[],
  ours: readonly OurLine[],
  tolerance: string,
): Promise<Pick<Comparison, 'lines' | 'classes'>> {
  const theirsOf = Map.groupBy(theirs, ({ tenantId }) => tenantId);
  const oursOf = Map.groupBy(ours, ({ tenantId }) => tenantId);
  const lines: ReconciledLine[] = [];
  let classes = classSums([]);
  let since = 0;
  for (const tenant of new Set([...theirsOf.keys(), ...oursOf.keys()])) {
    const compared = reconcile(theirsOf.get(tenant) ?? [], oursOf.get(tenant) ?? [], tolerance);
    classes = sumOfBoth(classes, classSums(compared));
    for (const line of compared) lines.push(line);
    since += compared.length;
    if (since < LINES_AT_A_TIME) continue;
    since = 0;
    await new Promise(setImmediate);
  }
  return { lines: lines.sort(byPlace), classes };
}

function sumOfBoth(a: ClassSums, b: ClassSums): ClassSums {
  const sum = (name: ReconciliationClass): ClassSum => ({
    count: a[name].count + b[name].count,
    theirs: sumOf(a[name].theirs, b[name].theirs),
    ours: sumOf(a[name].ours, b[name].ours),
  });
  return {
    matched: sum('matched'),
    differs: sum('differs'),
    'only-theirs': sum('only-theirs'),
    'only-ours': sum('only-ours'),
    'out-of-scope': sum('out-of-scope'),
  };
}

function byPlace(a: ReconciledLine, b: ReconciledLine): number {
  const rows = (a.theirs?.row ?? Infinity) - (b.theirs?.row ?? Infinity);
  // Two lines of ours without a partner: ∞ − ∞ is not a number.
  if (!Number.isNaN(rows)) return rows;
  const placeOf = ({ ours }: ReconciledLine): string =>
    ours ? `${ours.tenantId} ${ours.from} ${ours.chargeId}` : '';
  return placeOf(a) < placeOf(b) ? -1 : 1;
}
