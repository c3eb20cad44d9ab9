import { kind } from './problem-kind.js';

/** Refusals of commands on subscriptions and of manual charges. */
export const subscriptionProblems = {
  'subscription-unknown': kind(
    404,
    ['The subscription does not exist', 'そのサブスクリプションはありません'],
    [
      'No subscription with this id is known.',
      'この ID のサブスクリプションは登録されていません。',
    ],
    [
      'Find the subscription with GET /v1/subscriptions. A new order becomes a subscription a moment after it was placed.',
      'GET /v1/subscriptions で確認してください。新しい注文は、成立の少し後にサブスクリプションになります。',
    ],
  ),
  'subscription-not-active': kind(
    422,
    ['The subscription has another status', 'サブスクリプションの状態では、この変更はできません'],
    [
      'The change is not possible in the status of the subscription ("status").',
      'サブスクリプションの状態（「status」）では、この変更はできません。',
    ],
    [
      'Resume a suspended subscription first. One that is cancelled or expired cannot be changed: place a new order.',
      '停止中の場合は、先に再開してください。取消済みまたは満了したものは変更できないため、新しく注文してください。',
    ],
  ),
  'reduction-window-closed': kind(
    422,
    ['The seats can no longer be removed', 'ライセンス数を減らせる期間を過ぎています'],
    [
      'Fewer seats than requested are in an open window. "refundable" lists how many can be removed until when.',
      '減らせる期間内のライセンス数が足りません。「refundable」に、いつまでに何ライセンスを減らせるかがあります。',
    ],
    [
      'Remove at most these seats, or set a smaller quantity for the end of the term with POST /v1/subscriptions/{id}/at-term-end.',
      'その数以下にするか、POST /v1/subscriptions/{id}/at-term-end で期間終了時の数量を指定してください。',
    ],
  ),
  'scheduled-quantity-too-large': kind(
    422,
    [
      'The scheduled quantity is greater than the quantity now',
      '期間終了時の数量が、現在の数量を超えています',
    ],
    [
      'Seats can be added by an order only; the subscription has "quantity" seats.',
      'ライセンスの追加は注文だけで行えます。現在の数量は「quantity」です。',
    ],
    [
      'Schedule at most the present quantity, or add the seats with POST /v1/subscriptions/{id}/quantity.',
      '現在の数量以下を指定するか、POST /v1/subscriptions/{id}/quantity で追加してください。',
    ],
  ),
  'date-not-today': kind(
    422,
    ['The change is not dated today', '変更の日付が今日ではありません'],
    [
      'Changes of a subscription take effect on the day on which they are made ("today", UTC).',
      'サブスクリプションの変更は、変更した日（「today」、UTC）に有効になります。',
    ],
    ['State today as "on".', '「on」に今日の日付を指定してください。'],
  ),
  'order-adds-seats': kind(
    422,
    [
      'The order only adds seats to a subscription',
      'この注文は、サブスクリプションにライセンスを追加したものです',
    ],
    [
      'An order that adds seats has no subscription of its own that could be cancelled.',
      'ライセンスを追加した注文には、取り消せる独自のサブスクリプションがありません。',
    ],
    [
      'Remove the seats with POST /v1/subscriptions/{id}/quantity while their window is open.',
      '期間内であれば、POST /v1/subscriptions/{id}/quantity で数量を減らしてください。',
    ],
  ),
  'charge-reference-reused': kind(
    409,
    ['The reference belongs to another charge', 'その参照番号は別の請求に使われています'],
    [
      'A manual charge of this billing entity with this reference is recorded with other content ("chargeId").',
      'この請求主体の同じ参照番号（reference）の請求が、異なる内容で記録済みです（「chargeId」）。',
    ],
    [
      'If it is another charge, use its own reference. If the recorded one is wrong, record a negative charge under a new reference.',
      '別の請求であれば、固有の参照番号を使ってください。記録に誤りがある場合は、新しい参照番号で負の金額を記録してください。',
    ],
  ),
};
