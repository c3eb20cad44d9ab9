import { kind } from './problem-kind.js';

/** Refusals of commands on payments and open amounts. */
export const paymentProblems = {
  'billing-entity-unknown': kind(
    404,
    ['The billing entity is not registered', 'その請求主体は登録されていません'],
    ['No billing entity with this id is registered.', 'この ID の請求主体は登録されていません。'],
    [
      'Register it with PUT /v1/billing-entities/{entityId} first.',
      '先に PUT /v1/billing-entities/{entityId} で登録してください。',
    ],
  ),
  'payment-unknown': kind(
    404,
    ['The payment does not exist', 'その入金はありません'],
    ['No payment with this id is recorded.', 'この ID の入金は記録されていません。'],
    ['Find the payment with GET /v1/payments.', 'GET /v1/payments で確認してください。'],
  ),
  'invoice-unknown': kind(
    404,
    ['The invoice does not exist', 'その請求書はありません'],
    ['No invoice with this id is issued.', 'この ID の請求書は発行されていません。'],
    [
      'Use the id of an issued invoice. A credit note has no open amount.',
      '発行済みの請求書の ID を使ってください。クレジットノートには未収額がありません。',
    ],
  ),
  'payment-reference-reused': kind(
    409,
    ['The reference belongs to another payment', 'その参照番号は別の入金に使われています'],
    [
      'A payment to this billing entity with this reference is recorded with other content, or for another payer ("paymentId").',
      'この請求主体への同じ参照番号（reference）の入金が、異なる内容または別の支払者で記録済みです（「paymentId」）。',
    ],
    [
      'If it is another payment, use its own reference. If the recorded one is wrong, reverse it and record the right one under a new reference.',
      '別の入金であれば、固有の参照番号を使ってください。記録に誤りがある場合は、取り消して新しい参照番号で記録し直してください。',
    ],
  ),
  'currency-mismatch': kind(
    422,
    ['The amount has another currency', '通貨が一致しません'],
    [
      'The payment, the amount and the invoice must have one currency ("currency").',
      '入金、金額、請求書の通貨は一致しなければなりません（「currency」）。',
    ],
    [
      'State the amount in that currency. An invoice in another currency needs a separate payment.',
      'その通貨で金額を指定してください。別の通貨の請求書には、別の入金を記録してください。',
    ],
  ),
  'allocated-invoice-unknown': kind(
    422,
    ['A named invoice is not one of this payer', '指定した請求書はこの支払者のものではありません'],
    [
      'The billing entity has issued no invoice with this id to the payer ("invoiceId").',
      'この請求主体が支払者に発行した請求書に、この ID のものはありません（「invoiceId」）。',
    ],
    ['Name open invoices of this payer.', 'この支払者の未払いの請求書を指定してください。'],
  ),
  'allocation-exceeds-open': kind(
    422,
    ['A named amount exceeds the open amount', '指定した金額が未収額を超えています'],
    [
      'The amount for the invoice ("invoiceId") is greater than its open amount ("open").',
      '請求書（「invoiceId」）への充当額が、その未収額（「open」）を超えています。',
    ],
    [
      'Name at most the open amount. What is not named settles the invoices that are due first.',
      '未収額以下を指定してください。指定しない分は、期日の早い請求書から充当されます。',
    ],
  ),
  'allocations-exceed-payment': kind(
    422,
    ['The named amounts exceed the payment', '充当額の合計が入金額を超えています'],
    [
      'The sum of the amounts in "allocations" exceeds the payment.',
      '「allocations」の金額の合計が、入金額を超えています。',
    ],
    ['Name at most the amount of the payment.', '合計が入金額以下になるように指定してください。'],
  ),
  'reversal-exceeds-payment': kind(
    422,
    ['The reversal exceeds the rest of the payment', '取消額が入金の残額を超えています'],
    [
      'The amount is greater than the amount of the payment that is not reversed or refunded ("most").',
      '取消額が、まだ取り消しも返金もされていない入金額（「most」）を超えています。',
    ],
    [
      'Reverse at most that amount. Without "amount", all of it is reversed.',
      'その金額以下を指定してください。「amount」を省略すると全額を取り消します。',
    ],
  ),
  'refund-exceeds-credit-balance': kind(
    422,
    ['The refund exceeds the credit balance', '返金額が預り残高を超えています'],
    [
      'The amount is greater than the credit balance of the payer with this billing entity in this currency ("most").',
      '返金額が、この請求主体と通貨における支払者の預り残高（「most」）を超えています。',
    ],
    [
      'Refund at most the credit balance. Without "amount", all of it is refunded.',
      '預り残高以下を指定してください。「amount」を省略すると全額を返金します。',
    ],
  ),
  'write-off-exceeds-open': kind(
    422,
    ['The loss exceeds the open amount', '貸倒額が未収額を超えています'],
    [
      'The amount is greater than the open amount of the invoice ("most").',
      '貸倒額が、請求書の未収額（「most」）を超えています。',
    ],
    [
      'Write off at most the open amount. Without "amount", all of it is written off.',
      '未収額以下を指定してください。「amount」を省略すると未収額の全部になります。',
    ],
  ),
};
