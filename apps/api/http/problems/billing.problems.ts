import { kind } from './problem-kind.js';

/** Refusals of commands on the parties of billing. */
export const billingProblems = {
  'billing-entity-exists': kind(
    422,
    ['The partner has a billing entity', 'このパートナーの請求主体は登録済みです'],
    [
      'A partner has one billing entity. "entityId" is the one that is registered.',
      '請求主体はパートナーごとに一つです。登録済みの請求主体を「entityId」に示します。',
    ],
    [
      'Change that one with PUT /v1/billing-entities/{entityId}.',
      'PUT /v1/billing-entities/{entityId} で、登録済みの請求主体を変更してください。',
    ],
  ),
  'billing-entity-of-another-partner': kind(
    422,
    ['The billing entity belongs to another partner', 'この請求主体は別のパートナーのものです'],
    [
      'This id is assigned to another partner, and stays with it.',
      'この ID は別のパートナーに割り当て済みで、変更できません。',
    ],
    ['Use another id.', '別の ID を使ってください。'],
  ),
  'document-pdf-differs': kind(
    500,
    [
      'The PDF differs from the one that was rendered first',
      'PDF が最初に作成したものと異なります',
    ],
    [
      'The kept PDF of this document is lost or damaged, and rendering it again gives other bytes than those whose SHA-256 is in the log. No other PDF is returned in its place.',
      'この文書の保存済み PDF が失われたか破損しており、再作成した PDF はログに記録された SHA-256 と一致しません。別の PDF は返しません。',
    ],
    [
      'Restore the folder "documents" of the data directory from a backup.',
      'データディレクトリの「documents」フォルダーをバックアップから復元してください。',
    ],
  ),
};
