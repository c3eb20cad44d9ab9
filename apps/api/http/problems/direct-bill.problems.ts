import {
  type DirectBillReason,
  directBillReasons,
} from '../../../../libs/domain/direct-bill/direct-bill-reasons.js';
import { directBillReasonText } from '../../../../libs/domain/direct-bill/direct-bill-texts.js';
import { kind, type ProblemKind } from './problem-kind.js';

/** Refusals of direct-bill applications. */
const applicationProblems = {
  'application-unknown': kind(
    404,
    ['The application does not exist', 'その申請はありません'],
    [
      'No direct-bill application with this id is recorded, or it belongs to a partner outside the scope of the credential.',
      'この ID の直接請求の申請は記録にないか、認証情報の対象外です。',
    ],
    [
      'Submit one with POST /v1/partners/{partnerId}/direct-bill-applications; its answer has the id.',
      'POST /v1/partners/{partnerId}/direct-bill-applications で申請してください。ID は応答にあります。',
    ],
  ),
  'application-step-out-of-order': kind(
    422,
    ['The step is out of order', '手順の順序が正しくありません'],
    [
      'The steps of an application have a fixed order, and this step cannot follow the current status ("applicationStatus").',
      '申請の手順の順序は決まっており、この手順は現在の状態（「applicationStatus」）の次のものではありません。',
    ],
    // prettier-ignore
    ['Take one of the steps that "possibleSteps" lists. After a decision or a withdrawal there are none.', '「possibleSteps」の手順を実行してください。決定または取り下げの後に手順はありません。'],
  ),
  'direct-bill-not-eligible': kind(
    422,
    [
      'The partner does not meet the requirements of direct billing',
      'パートナーは直接請求の要件を満たしていません',
    ],
    [
      'At least one direct-bill rule that this step requires fails. "checks" lists each rule with its facts and the events that prove them.',
      'この手順が求める直接請求の規則のうち、少なくとも一つに適合しません。「checks」に各規則の判定、事実、根拠となるイベントを示します。',
    ],
    [
      'Fix the reasons that "reasons" lists, then take the step again.',
      '「reasons」の各理由を解消し、もう一度手順を実行してください。',
    ],
  ),
} as const satisfies Record<string, ProblemKind>;

const ofReason = (reason: DirectBillReason): ProblemKind => {
  const en = directBillReasonText(reason, 'en');
  const ja = directBillReasonText(reason, 'ja');
  return {
    status: 422,
    title: { en: en.title, ja: ja.title },
    what: { en: en.message, ja: ja.message },
    remedy: {
      en: 'This is one of the reasons why a partner may not bill directly. The check names the rule, the facts and the events that prove them.',
      ja: '直接請求が認められない理由の一つです。規則、事実、根拠となるイベントは判定結果に示されます。',
    },
  };
};

/**
 * A page for every direct-bill reason; those that the order gate also has use the gate's texts.
 */
const reasonProblems = Object.fromEntries(
  directBillReasons.map((reason) => [reason, ofReason(reason)]),
) as Record<DirectBillReason, ProblemKind>; // one entry for each reason

export const directBillProblems = { ...reasonProblems, ...applicationProblems };
