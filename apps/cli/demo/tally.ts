import type { LoggedEvent, Position } from '../../../libs/event-log/event-log.js';
import type { Bilingual } from '../running/language.js';

/** What of the demonstration was written by this run. */
export class Tally {
  private written = 0;
  private readonly ofType = new Map<string, number>();

  /** `head`: where the log ended before. */
  constructor(private readonly head: Position) {}

  count(events: readonly LoggedEvent[]): void {
    for (const { type, position } of events) {
      this.ofType.set(type, (this.ofType.get(type) ?? 0) + 1);
      if (position > this.head) this.written += 1;
    }
  }

  text(month: string, dataDir: string): Bilingual {
    const [partners, customers, lists] = [this.of('PartnerRegistered'), this.of('CustomerRegistered'), this.of('PriceListPublished')];
    const [placed, refused, cancelled] = [this.of('OrderPlaced'), this.of('OrderRefused'), this.of('OrderCancelled')];
    if (this.written === 0) {
      return {
        en: `The demonstration of ${month} is in ${dataDir} already: nothing was written.`,
        ja: `${dataDir} にはすでに ${month} のデモデータがあります。何も書き込みませんでした。`,
      };
    }
    return {
      en: `The demonstration of ${month} is in ${dataDir}: ${partners} partners, ${customers} customers, ${lists} price lists, ${placed} orders placed (${cancelled} of them cancelled), ${refused} refused.`,
      ja: `${dataDir} に ${month} のデモデータを用意しました: パートナー ${partners}、顧客 ${customers}、価格表 ${lists}、成立した注文 ${placed} (うち取消 ${cancelled})、拒否された注文 ${refused}。`,
    };
  }

  private of(type: string): number {
    return this.ofType.get(type) ?? 0;
  }
}
