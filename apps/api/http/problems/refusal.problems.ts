import { kind } from './problem-kind.js';

/**
 * What a rule refuses: the request was well formed. Gate reasons have pages of their own
 * (`reason.problems.ts`).
 */
export const refusalProblems = {
  'order-refused': kind(
    422,
    ['The order is refused', '注文は拒否されました'],
    [
      'At least one rule of the order gate failed. The decision, with every rule checked, is recorded and part of this answer.',
      '注文ゲートの規則に適合しません。すべての規則の判定結果は記録され、この応答に含まれています。',
    ],
    [
      'Fix the reasons that "reasons" lists and place a new order with a new Idempotency-Key.',
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
      'It cannot be cancelled any more; its subscriptions can be ended at their renewal.',
      'この注文は取り消せません。更新時にサブスクリプションを終了してください。',
    ],
  ),
  'order-not-placed': kind(
    422,
    ['Only a placed order can be cancelled', '成立した注文だけを取り消せます'],
    [
      'The order was refused, voided, or has been cancelled already.',
      '注文は拒否、無効化、または取消済みです。',
    ],
    ['Read the order for its status.', '注文の状態を確認してください。'],
  ),
  'order-unknown': kind(
    404,
    ['There is no such order', 'その注文はありません'],
    [
      'No order with this id is on record, or it lies outside the partners of the credential.',
      'この ID の注文は記録にないか、認証情報の対象外です。',
    ],
    ['Look it up with GET /v1/orders.', 'GET /v1/orders で確認してください。'],
  ),
  'model-change-is-dated': kind(
    422,
    ['A change of model needs a date', 'モデルの変更には日付が必要です'],
    [
      "The partner's first model is on record. Registering it again cannot change it.",
      'パートナーの最初のモデルは登録済みで、再登録では変更できません。',
    ],
    [
      'Use POST /v1/partners/{partnerId}/models with the day from which the new model holds.',
      'POST /v1/partners/{partnerId}/models に、新しいモデルの開始日を指定してください。',
    ],
  ),
  'partner-unknown': kind(
    404,
    ['There is no such partner', 'そのパートナーは登録されていません'],
    ['No partner with this id is registered.', 'この ID のパートナーは登録されていません。'],
    [
      'Register it with PUT /v1/partners/{partnerId} first.',
      '先に PUT /v1/partners/{partnerId} で登録してください。',
    ],
  ),
  'country-unknown': kind(
    422,
    ['There is no such country', 'その国は登録されていません'],
    ['The country is not in the reference data.', '国コードが参照データにありません。'],
    ['Use an ISO 3166-1 alpha-2 code.', 'ISO 3166-1 alpha-2 の国コードを使ってください。'],
  ),
  'not-an-indirect-provider': kind(
    422,
    ['Only an indirect provider can be authorized as one', '間接プロバイダーではありません'],
    [
      "The partner's model on that day is not indirect-provider.",
      'その日のパートナーのモデルが indirect-provider ではありません。',
    ],
    [
      'Start the model first, or use another partner.',
      '先にモデルを開始するか、別のパートナーを指定してください。',
    ],
  ),
  'csp-tenant-not-registered': kind(
    404,
    ['No such CSP tenant is registered', 'その CSP テナントは登録されていません'],
    [
      'Neither the partner nor the tenant has a registration that is still open.',
      'パートナーにもテナントにも、有効な登録がありません。',
    ],
    ['Read the partner for its tenants.', 'パートナーの登録内容を確認してください。'],
  ),
  'fact-unknown': kind(
    422,
    ['There is no such fact', 'その事実は記録されていません'],
    [
      '"factId" is not the id of a fact of this kind on this record.',
      '「factId」は、この記録にある同種の事実の ID ではありません。',
    ],
    ['Read the record for the ids of its facts.', '記録を読み取り、事実の ID を確認してください。'],
  ),
  'fact-not-open': kind(
    422,
    ['No fact is open on that day', 'その日に有効な事実がありません'],
    [
      'There is nothing of this kind that could end on the day given.',
      '指定した日に終了できる、この種類の事実がありません。',
    ],
    [
      'Name the fact by "factId", or give a day on which it is in force.',
      '「factId」を指定するか、有効な日を指定してください。',
    ],
  ),
  'fact-ambiguous': kind(
    422,
    ['Several facts are open on that day', 'その日に有効な事実が複数あります'],
    [
      'More than one fact of this kind could end on the day given; "factIds" lists them.',
      '指定した日に終了できる事実が複数あります（「factIds」を参照）。',
    ],
    ['Name one by "factId".', '「factId」で一つを指定してください。'],
  ),
  'agreement-version-unknown': kind(
    422,
    ['There is no such agreement version', 'その契約バージョンはありません'],
    [
      'No agreement version of that name is published.',
      'その名前の契約バージョンは公開されていません。',
    ],
    [
      'Publish it with PUT /v1/agreement-versions/{version}, or leave the version out.',
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
      'No agreement version was in force on "signedOn", or the one that "version" names was not: a version is in force from its "from" to its "acceptedUntil".',
      '「signedOn」の日に有効な契約バージョンがないか、「version」で指定したバージョンがその日に有効ではありません。バージョンは「from」の日から「acceptedUntil」の日まで有効です。',
    ],
    [
      'State the day and the version that the customer signed, or have an operator correct the version’s dates with PUT /v1/agreement-versions/{version}.',
      '顧客が署名した日とバージョンを確認してください。バージョンの日付に誤りがある場合は、運用担当者が PUT /v1/agreement-versions/{version} で訂正してください。',
    ],
  ),
  'price-list-rejected': kind(
    422,
    ['The price list has rows that cannot be taken', '価格表に受け付けられない行があります'],
    [
      'Nothing of it was published. "rejected" lists the first 1,000 of the rows with their reasons, row 0 being the header; "rejectedCount" counts all of them. After 10,000 the rest is not read.',
      '価格表は公開されていません。「rejected」に最初の 1,000 行までの行と理由（0 はヘッダー行）を、「rejectedCount」に総数を示します。1 万行を超えると、残りは読み込みません。',
    ],
    [
      'Correct the rows and upload the whole list again.',
      '該当行を直し、価格表全体をもう一度アップロードしてください。',
    ],
  ),
  'revenue-unknown': kind(
    404,
    ['There is no such entry of revenue', 'その売上明細はありません'],
    ['No entry of revenue with this id is on record.', 'この ID の売上明細は記録にありません。'],
    [
      'Use the revenueId that POST /v1/revenue answered; an import lists those of its rows in its events.',
      'POST /v1/revenue が返した revenueId を使ってください。取り込んだ行の ID は取り込みのイベントにあります。',
    ],
  ),
  'revenue-reference-reused': kind(
    409,
    ['The reference belongs to another entry', 'その参照番号は別の売上に使われています'],
    [
      'An entry with this partner, source and reference is on record, and it says something else. It counts once, as it was recorded first ("revenueId").',
      'このパートナー、出所（source）、参照番号（reference）の売上は、異なる内容で記録済みです（「revenueId」）。最初の記録だけが計上されます。',
    ],
    [
      'Reverse the recorded entry and record the right one under a new reference, or send what was recorded.',
      '記録済みの売上を取り消して、正しい内容を新しい参照番号で記録してください。',
    ],
  ),
  'exchange-rate-missing': kind(
    422,
    ['No exchange rate is published for that month', 'その月の為替レートが公開されていません'],
    [
      'The USD amount is fixed at the rate of its month, and there is none for this currency ("month", "currency"). Nothing is guessed.',
      '米ドル額は計上月のレートで確定しますが、この通貨のレートがありません（「month」「currency」）。推測はしません。',
    ],
    [
      'Publish it with PUT /v1/exchange-rates/{month} and send the same request again.',
      'PUT /v1/exchange-rates/{month} で公開してから、同じ要求を送り直してください。',
    ],
  ),
  'reversal-exceeds-revenue': kind(
    422,
    ['More would be reversed than is left', '取消額が残額を超えています'],
    [
      'The amount is greater than what is left of the entry ("left").',
      '取消額が、この売上明細の残額（「left」）を超えています。',
    ],
    [
      'Reverse what is left at most; left out, "amount" is that.',
      '残額以下を指定してください。「amount」を省略すると残額全部になります。',
    ],
  ),
  'revenue-already-reversed': kind(
    422,
    ['The entry is reversed already', 'その売上はすでに全額取り消されています'],
    [
      'Nothing is left of the entry to be reversed.',
      'この売上明細には、取り消せる残額がありません。',
    ],
    ['Nothing needs to be done.', '操作は不要です。'],
  ),
  'revenue-import-rejected': kind(
    422,
    ['The file has rows that cannot be taken', 'ファイルに受け付けられない行があります'],
    [
      'Nothing of it counts. "rejected" lists the first 1,000 of the rows with their reasons, "rejectedCount" counts all of them. After 10,000 the rest is not read.',
      'ファイル全体が取り込まれていません。「rejected」に最初の 1,000 行までの行と理由を、「rejectedCount」に総数を示します。1 万行を超えると、残りは読み込みません。',
    ],
    [
      'Fix the rows and upload the whole file again.',
      '該当行を直し、ファイル全体をもう一度アップロードしてください。',
    ],
  ),
  'clock-goes-back': kind(
    422,
    ['The clock does not go back', '時計は戻せません'],
    [
      '"at" is earlier than the instant to which the clock of this log was set last.',
      '「at」が、このログの時計に最後に設定した日時より前です。',
    ],
    ['Use the same instant or a later one.', '同じか、より後の日時を指定してください。'],
  ),
  'clock-is-the-systems': kind(
    422,
    ["This log follows the machine's clock", 'このログはシステムの時計に従います'],
    [
      '"at" sets the clock of a log that was created with CLOCK=manual; this one was not.',
      '「at」は CLOCK=manual で作成したログでだけ使えます。',
    ],
    ['Leave "at" out.', '「at」を省略してください。'],
  ),
  'day-not-reached': kind(
    422,
    ['That day has not begun', 'その日はまだ始まっていません'],
    ['"on" is later than today (UTC).', '「on」が今日（UTC）より後です。'],
    ['Use today or an earlier day.', '今日以前の日付を指定してください。'],
  ),
  'ruleset-unknown': kind(
    404,
    ['There is no such ruleset', 'そのルールセットはありません'],
    [
      'This release does not know a ruleset of that name.',
      'このリリースに、その名前のルールセットはありません。',
    ],
    ['Use a name that the release notes list.', 'リリースノートにある名前を使ってください。'],
  ),
};
