import { reasonText } from '../../../../libs/domain/gate/reason-texts.js';
import { type Reason, reasons } from '../../../../libs/domain/order/reasons.js';
import { kind, type ProblemKind } from './problem-kind.js';

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
 * A page for every reason of the order gate. `commandReasonProblems` has the reasons that other
 * commands use too.
 */
export const reasonProblems: Readonly<Record<Reason, ProblemKind>> = Object.fromEntries(
  reasons.map((reason) => [reason, ofReason(reason)]),
) as Record<Reason, ProblemKind>; // one entry for each reason

/** Reasons of the order gate that other commands are also refused for. Their texts fit both. */
export const commandReasonProblems = {
  'customer-unknown': kind(
    404,
    ['The customer is not registered', '顧客が登録されていません'],
    ['No customer is registered for this tenant.', 'このテナントの顧客は登録されていません。'],
    [
      'Check the tenant id, or register the customer with PUT /v1/customers/{tenantId} first.',
      'テナント ID を確認するか、先に PUT /v1/customers/{tenantId} で顧客を登録してください。',
    ],
  ),
  'customer-closed': kind(
    422,
    ['The customer’s account is closed', '顧客のアカウントは閉鎖されています'],
    [
      'The customer’s account is closed: nothing can be ordered for it, and its record cannot be changed.',
      '顧客のアカウントは閉鎖されています。この顧客のための注文も、記録の変更もできません。',
    ],
    [
      'Read the customer with GET /v1/customers/{tenantId} for the day on which it was closed.',
      '閉鎖日は GET /v1/customers/{tenantId} で確認してください。',
    ],
  ),
  'agreement-missing': kind(
    422,
    ['The customer has no such agreement', '該当する顧客契約がありません'],
    [
      'The customer has no Microsoft Customer Agreement that covers an order, or none in force that can be withdrawn.',
      '注文の前提となる Microsoft 顧客契約、または撤回できる有効な Microsoft 顧客契約がありません。',
    ],
    [
      'Read the customer’s agreements with GET /v1/customers/{tenantId}. Before an order, have the customer sign the agreement, and record it.',
      'GET /v1/customers/{tenantId} で契約を確認してください。注文の前に、契約への署名を受けて記録してください。',
    ],
  ),
  'direct-bill-not-authorized': kind(
    422,
    ['The partner is not authorized for direct billing', '直接請求が承認されていません'],
    [
      'The partner has no direct-bill authorization on that day.',
      'その日のパートナーには、直接請求の承認がありません。',
    ],
    [
      'Apply for direct billing, or ask an operator to record the authorization that Microsoft has given.',
      '直接請求を申請するか、Microsoft による承認の記録を運用担当者に依頼してください。',
    ],
  ),
  'market-unknown': kind(
    422,
    ['The market is not a CSP market', 'CSP の市場ではありません'],
    [
      'The market code is not the code of a CSP market, or CSP offers are not sold in the customer’s country.',
      'CSP の市場コードではないか、顧客の国で CSP オファーが販売されていません。',
    ],
    [
      'Use a market code from the reference data, such as JP or GB.',
      'JP や GB のような、参照データにある市場コードを使ってください。',
    ],
  ),
};
