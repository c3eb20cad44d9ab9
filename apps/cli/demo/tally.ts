import type { ImportEvent } from '../../../libs/domain/import/import.js';
import type { LoggedEvent, Position } from '../../../libs/event-log/event-log.js';
import type { Bilingual } from '../running/language.js';

/** Counts the records that this run has appended. */
export class Tally {
  private written = 0;
  private readonly ofType = new Map<string, number>();
  /** Entries of revenue, including those of files. */
  private entries = 0;

  /** `head` is the last position before this run. */
  constructor(private readonly head: Position) {}

  count(events: readonly LoggedEvent[]): void {
    for (const event of events) {
      const { type, position } = event;
      this.ofType.set(type, (this.ofType.get(type) ?? 0) + 1);
      this.entries += entriesIn(event);
      if (position > this.head) this.written += 1;
    }
  }

  text(month: string, dataDir: string): Bilingual {
    const [partners, customers, lists] = [
      this.of('PartnerRegistered'),
      this.of('CustomerRegistered'),
      this.of('PriceListPublished'),
    ];
    const [placed, refused, cancelled] = [
      this.of('OrderPlaced'),
      this.of('OrderRefused'),
      this.of('OrderCancelled'),
    ];
    if (this.written === 0) {
      return {
        en: `The demonstration of ${month} is in ${dataDir} already: nothing was written.`,
        ja: `${dataDir} にはすでに ${month} のデモデータがあります。何も書き込みませんでした。`,
      };
    }
    return {
      en: `The demonstration of ${month} is in ${dataDir}: ${partners} partners, ${customers} customers, ${lists} price lists, ${placed} orders placed (${cancelled} of them cancelled), ${refused} refused, ${this.entries} entries of revenue.`,
      ja: `${dataDir} に ${month} のデモデータを用意しました: パートナー ${partners}、顧客 ${customers}、価格表 ${lists}、成立した注文 ${placed} (うち取消 ${cancelled})、拒否された注文 ${refused}、売上明細 ${this.entries}。`,
    };
  }

  private of(type: string): number {
    return this.ofType.get(type) ?? 0;
  }
}

function entriesIn({ type, data }: LoggedEvent): number {
  if (type === 'RevenueRecorded') return 1;
  if (type !== 'ImportCompleted') return 0;
  const { kind, rows } = data as Pick<
    Extract<ImportEvent, { type: 'ImportCompleted' }>['data'],
    'kind' | 'rows'
  >; // checked by the catalogue
  return kind === 'revenue' ? rows : 0;
}
