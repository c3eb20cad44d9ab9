import { kind } from './problem-kind.js';

/**
 * Refusals of well-formed requests by a rule. Reasons of the order gate are in
 * `reason.problems.ts`.
 */
export const refusalProblems = {
  'order-refused': kind(
    422,
    ['The order is refused', '注文は拒否されました'],
    [
      'At least one rule of the order gate failed. The decision, with every rule that was checked, is recorded and is part of this answer.',
      '注文ゲートの規則のうち、少なくとも一つに適合しません。すべての規則の判定結果は記録され、この応答に含まれています。',
    ],
    [
      'Fix the reasons that "reasons" lists, then place a new order with a new Idempotency-Key.',
      '「reasons」の各理由を解消し、新しい Idempotency-Key で注文し直してください。',
    ],
  ),
  'cancellation-window-closed': kind(
    422,
    ['The cancellation window has closed', '取消期間を過ぎています'],
    [
      'The order is older than the shortest cancellation window of its offers.',
      '注文の取消期間（対象オファーのうち最短のもの）を過ぎています。',
    ],
    [
      'The order cannot be cancelled any more. End its subscriptions at their renewal instead.',
      'この注文は取り消せません。更新時にサブスクリプションを終了してください。',
    ],
  ),
  'order-not-placed': kind(
    422,
    ['Only a placed order can be cancelled', '成立した注文だけを取り消せます'],
    [
      'The order was refused or voided, or it is already cancelled.',
      '注文は拒否、無効化、または取消済みです。',
    ],
    [
      'Check the status with GET /v1/orders/{orderId}.',
      'GET /v1/orders/{orderId} で注文の状態を確認してください。',
    ],
  ),
  'order-unknown': kind(
    404,
    ['The order does not exist', 'その注文はありません'],
    [
      'No order with this id is recorded, or it belongs to a partner outside the scope of the credential.',
      'この ID の注文は記録にないか、認証情報の対象外です。',
    ],
    ['Find the order with GET /v1/orders.', 'GET /v1/orders で確認してください。'],
  ),
  'model-change-is-dated': kind(
    422,
    ['A change of model needs a date', 'モデルの変更には日付が必要です'],
    [
      "The partner's first model is recorded, and registering the partner again cannot change it.",
      'パートナーの最初のモデルは登録済みで、再登録では変更できません。',
    ],
    [
      'Use POST /v1/partners/{partnerId}/models with the first day of the new model.',
      'POST /v1/partners/{partnerId}/models に、新しいモデルの開始日を指定してください。',
    ],
  ),
  'partner-unknown': kind(
    404,
    ['The partner is not registered', 'そのパートナーは登録されていません'],
    ['No partner with this id is registered.', 'この ID のパートナーは登録されていません。'],
    [
      'Register the partner with PUT /v1/partners/{partnerId} first.',
      '先に PUT /v1/partners/{partnerId} で登録してください。',
    ],
  ),
  'country-unknown': kind(
    422,
    ['The country code is unknown', 'その国コードは登録されていません'],
    ['The country code is not in the reference data.', '国コードが参照データにありません。'],
    ['Use an ISO 3166-1 alpha-2 code.', 'ISO 3166-1 alpha-2 の国コードを使ってください。'],
  ),
  'not-an-indirect-provider': kind(
    422,
    ['The partner is not an indirect provider', '間接プロバイダーではありません'],
    [
      "The partner's model on that day is not indirect-provider, so it cannot be authorized as an indirect provider.",
      'その日のパートナーのモデルが indirect-provider ではないため、間接プロバイダーとして承認できません。',
    ],
    [
      'Start that model with POST /v1/partners/{partnerId}/models first, or use another partner.',
      '先に POST /v1/partners/{partnerId}/models でそのモデルを開始するか、別のパートナーを指定してください。',
    ],
  ),
  'csp-tenant-not-registered': kind(
    404,
    ['The CSP tenant is not registered', 'その CSP テナントは登録されていません'],
    [
      'The tenant is not registered as a CSP tenant of this partner, or that registration has ended.',
      'このテナントは、パートナーの CSP テナントとして登録されていないか、登録が終了しています。',
    ],
    [
      'Check the partner’s tenants with GET /v1/partners/{partnerId}.',
      'GET /v1/partners/{partnerId} でパートナーのテナントを確認してください。',
    ],
  ),
  'fact-unknown': kind(
    422,
    ['The fact does not exist', 'その事実は記録されていません'],
    [
      '"factId" is not the id of a fact of this kind in this record.',
      '「factId」は、この記録にある同種の事実の ID ではありません。',
    ],
    [
      'Read the record and use the id of one of its facts.',
      '記録を読み取り、そこにある事実の ID を使ってください。',
    ],
  ),
  'fact-not-open': kind(
    422,
    ['No fact is open on that day', 'その日に有効な事実がありません'],
    [
      'No fact of this kind can end on the given day.',
      '指定した日に終了できる、この種類の事実がありません。',
    ],
    [
      'Name the fact with "factId", or give a day on which the fact is in force.',
      '「factId」で事実を指定するか、その事実が有効な日を指定してください。',
    ],
  ),
  'fact-ambiguous': kind(
    422,
    ['Several facts are open on that day', 'その日に有効な事実が複数あります'],
    [
      'More than one fact of this kind can end on the given day. "factIds" lists them.',
      '指定した日に終了できる事実が複数あります（「factIds」を参照）。',
    ],
    ['Name one of them with "factId".', '「factId」で一つを指定してください。'],
  ),
  'agreement-version-unknown': kind(
    422,
    ['The agreement version does not exist', 'その契約バージョンはありません'],
    [
      'No agreement version with this name is published.',
      'その名前の契約バージョンは公開されていません。',
    ],
    [
      'Publish it with PUT /v1/agreement-versions/{version}, or omit the version.',
      'PUT /v1/agreement-versions/{version} で公開するか、バージョンを省略してください。',
    ],
  ),
  'agreement-version-not-in-force': kind(
    422,
    [
      'The agreement version was not in force when it was signed',
      '署名日に有効な契約バージョンではありません',
    ],
    [
      'No agreement version was in force on "signedOn", or the version that "version" names was not. A version is in force from its "from" to its "acceptedUntil".',
      '「signedOn」の日に有効な契約バージョンがないか、「version」で指定したバージョンがその日に有効ではありません。バージョンは「from」の日から「acceptedUntil」の日まで有効です。',
    ],
    [
      'Check the day and the version that the customer signed. If the version’s dates are wrong, an operator corrects them with PUT /v1/agreement-versions/{version}.',
      '顧客が署名した日とバージョンを確認してください。バージョンの日付に誤りがある場合は、運用担当者が PUT /v1/agreement-versions/{version} で訂正してください。',
    ],
  ),
  'price-list-rejected': kind(
    422,
    ['The list has rows that are not accepted', '一覧に受け付けられない行があります'],
    [
      'No row was published. "rejected" lists the first 1,000 rejected rows with their reasons (row 0 is the header), and "rejectedCount" counts all of them. After 10,000 rejected rows the rest of the list is not read.',
      'どの行も公開されていません。「rejected」に、受け付けられない行のうち最初の 1,000 行とその理由（行番号 0 はヘッダー行）を、「rejectedCount」にその総数を示します。受け付けられない行が 1 万行に達すると、残りは読み込みません。',
    ],
    [
      'Correct the rows and upload the whole list again.',
      '該当行を直し、一覧全体をもう一度アップロードしてください。',
    ],
  ),
  'revenue-unknown': kind(
    404,
    ['The revenue entry does not exist', 'その売上明細はありません'],
    ['No revenue entry with this id is recorded.', 'この ID の売上明細は記録にありません。'],
    [
      'Use the revenueId that POST /v1/revenue returned. The ids of imported rows are in the events of their import.',
      'POST /v1/revenue が返した revenueId を使ってください。取り込んだ行の ID は取り込みのイベントにあります。',
    ],
  ),
  'revenue-reference-reused': kind(
    409,
    [
      'The reference belongs to another revenue entry',
      'その参照番号は別の売上明細に使われています',
    ],
    [
      'A revenue entry with this partner, source and reference is recorded with other content ("revenueId"). Only the first recorded entry counts.',
      'このパートナー、出所（source）、参照番号（reference）の売上明細は、異なる内容で記録済みです（「revenueId」）。最初の記録だけが計上されます。',
    ],
    [
      'Reverse the recorded entry and record the correct one under a new reference, or send the recorded content again.',
      '記録済みの売上明細を取り消して正しい内容を新しい参照番号で記録するか、記録済みの内容を送り直してください。',
    ],
  ),
  'exchange-rate-missing': kind(
    422,
    ['No exchange rate is published for that month', 'その月の為替レートが公開されていません'],
    [
      'Amounts are converted at the exchange rate of their month, and no rate is published for this currency ("month", "currency"). The service does not estimate rates.',
      '金額はその月のレートで換算しますが、この通貨のレートがありません（「month」「currency」）。サービスがレートを推定することはありません。',
    ],
    [
      'Publish the rate with PUT /v1/exchange-rates/{month} and send the same request again.',
      'PUT /v1/exchange-rates/{month} で公開してから、同じ要求を送り直してください。',
    ],
  ),
  'reversal-exceeds-revenue': kind(
    422,
    ['The reversal exceeds the remaining amount', '取消額が残額を超えています'],
    [
      'The amount is greater than the remaining amount of the entry ("left").',
      '取消額が、この売上明細の残額（「left」）を超えています。',
    ],
    [
      'Reverse at most the remaining amount. Without "amount", all of it is reversed.',
      '残額以下を指定してください。「amount」を省略すると残額全部になります。',
    ],
  ),
  'revenue-already-reversed': kind(
    422,
    ['The revenue entry is already reversed', 'その売上明細はすでに全額取り消されています'],
    [
      'The entry has no remaining amount that could be reversed.',
      'この売上明細には、取り消せる残額がありません。',
    ],
    ['No action is needed.', '操作は不要です。'],
  ),
  'revenue-import-rejected': kind(
    422,
    ['The file has rows that are not accepted', 'ファイルに受け付けられない行があります'],
    [
      'No row was imported. "rejected" lists the first 1,000 rejected rows with their reasons, and "rejectedCount" counts all of them. After 10,000 rejected rows the rest of the file is not read.',
      'どの行も取り込まれていません。「rejected」に、受け付けられない行のうち最初の 1,000 行とその理由を、「rejectedCount」にその総数を示します。受け付けられない行が 1 万行に達すると、残りは読み込みません。',
    ],
    [
      'Correct the rows and upload the whole file again.',
      '該当行を直し、ファイル全体をもう一度アップロードしてください。',
    ],
  ),
  'clock-goes-back': kind(
    422,
    ['The clock cannot go back', '時計は戻せません'],
    [
      '"at" is earlier than the time to which the clock of this log was last set.',
      '「at」が、このログの時計に最後に設定した日時より前です。',
    ],
    ['Use the same time or a later one.', '同じか、より後の日時を指定してください。'],
  ),
  'clock-is-the-systems': kind(
    422,
    ["This log follows the machine's clock", 'このログはシステムの時計に従います'],
    [
      '"at" sets the clock of a log that was created with CLOCK=manual. This log was not.',
      '「at」は CLOCK=manual で作成したログでだけ使えます。このログは該当しません。',
    ],
    ['Omit "at".', '「at」を省略してください。'],
  ),
  'day-not-reached': kind(
    422,
    ['That day has not begun', 'その日はまだ始まっていません'],
    ['"on" is later than today (UTC).', '「on」が今日（UTC）より後です。'],
    ['Use today or an earlier day.', '今日以前の日付を指定してください。'],
  ),
  'ruleset-unknown': kind(
    404,
    ['The ruleset does not exist', 'そのルールセットはありません'],
    [
      'This release has no ruleset with this name.',
      'このリリースに、その名前のルールセットはありません。',
    ],
    ['Use a name that the release notes list.', 'リリースノートにある名前を使ってください。'],
  ),
};
