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
};
