import { reasonText } from '../../../../libs/domain/gate/reason-texts.js';
import { type Reason, reasons } from '../../../../libs/domain/order/reasons.js';
import type { ProblemKind } from './problem-kind.js';

const ofReason = (reason: Reason): ProblemKind => {
  const en = reasonText(reason, 'en');
  const ja = reasonText(reason, 'ja');
  return {
    status: 422,
    title: { en: en.title, ja: ja.title },
    what: { en: en.message, ja: ja.message },
    remedy: {
      en: 'This is one of the reasons why the order gate refuses an order. The decision names the rule, the facts and the events that prove them.',
      ja: '注文ゲートが拒否する理由の一つです。規則、事実、根拠となるイベントは判定結果に示されます。',
    },
  };
};

/**
 * Every reason of the order gate has a page; those that other commands are refused with are written
 * in `command-reason.problems.ts`.
 */
export const reasonProblems: Readonly<Record<Reason, ProblemKind>> = Object.fromEntries(
  reasons.map((reason) => [reason, ofReason(reason)]),
) as Record<Reason, ProblemKind>; // one entry for each reason
