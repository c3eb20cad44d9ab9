import { addDays } from '../../../libs/domain/shared/calendar.js';
import type { Bilingual } from '../running/language.js';
import { interruptedPartner, interruption } from './qualification-steps.js';
import { fallingPartner, fallsBelowOn } from './single-entries.js';

/** A read of a partner, with a description of its answer. */
export interface PartnerRead extends Bilingual {
  readonly path: string;
}

/** `firstMonth`: the month of the log's first demonstration. */
export function partnerReads(firstMonth: string): readonly PartnerRead[] {
  const fallsOn = fallsBelowOn(firstMonth);
  const { on, resumed } = interruption(firstMonth);
  return [
    {
      en: 'Twelve-month revenue above the threshold, with the amounts that do not count and why:',
      ja: '基準額を超えている 12 か月の売上 (算入されないものとその理由も):',
      path: '/partners/sakura-systems/trailing-revenue',
    },
    {
      en: `One large project keeps this partner above the threshold. On ${fallsOn} the project leaves the twelve months, and the partner falls below:`,
      ja: `大型案件 1 件で基準額を超えている。${fallsOn} にその案件が 12 か月の外に出て、基準額を下回る:`,
      path: `/partners/${fallingPartner}/trailing-revenue`,
    },
    {
      en: 'The same partner as of that day:',
      ja: '同じパートナーのその日の数字:',
      path: `/partners/${fallingPartner}/trailing-revenue?asOf=${fallsOn}`,
    },
    {
      en: `A tenure that was interrupted on ${on} and began again on ${resumed}:`,
      ja: `${on} に中断し、${resumed} に改めて始まった在籍期間:`,
      path: `/partners/${interruptedPartner}/tenure`,
    },
    {
      en: 'The same tenure as of the day before that:',
      ja: '同じ在籍期間のその前日の状態:',
      path: `/partners/${interruptedPartner}/tenure?asOf=${addDays(resumed, -1)}`,
    },
    {
      en: 'The requirements for direct billing that a partner with an open application does not meet yet:',
      ja: '申請中のパートナーが直接請求のためにまだ満たしていない要件:',
      path: '/partners/sakura-systems/direct-bill-eligibility',
    },
    {
      en: 'A partner that bills directly, by the rules of its yearly check:',
      ja: '直接請求を行っているパートナー (年次確認の規則による):',
      path: '/partners/cascade-cloud/direct-bill-eligibility?occasion=yearly',
    },
    {
      en: 'All partners against the threshold, for a spreadsheet:',
      ja: '全パートナーの基準額との比較 (表計算ソフト用):',
      path: '/reports/trailing-revenue?format=csv',
    },
  ];
}
