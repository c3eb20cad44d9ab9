import { type BlockedPayer } from './billing-run.js';

/** Why a payer is blocked, and what to publish, in a sentence. */
export const blockTexts: Readonly<
  Record<
    BlockedPayer['code'],
    { readonly [Language in 'en' | 'ja']: (facts: Readonly<Record<string, string>>) => string }
  >
> = {
  'price-missing': {
    en: ({ offerId, month }) =>
      `The price of ${offerId} for ${month} is not published. Publish it in a price list or a selling price, and run again.`,
    ja: ({ offerId, month }) =>
      `${month} の ${offerId} の価格が公開されていません。価格表または販売価格として公開し、もう一度実行してください。`,
  },
  'billing-profile-missing': {
    en: () =>
      'The payer has no billing profile. Register it with PUT …/billing-profile, and run again.',
    ja: () =>
      '支払者の請求情報が登録されていません。PUT …/billing-profile で登録し、もう一度実行してください。',
  },
  'tax-treatment-missing': {
    en: ({ issuerCountry, payerCountry }) =>
      `No rule says how a supply from ${issuerCountry} to ${payerCountry} is taxed. Set taxTreatment (or the tax id) in the billing profile, and run again.`,
    ja: ({ issuerCountry, payerCountry }) =>
      `${issuerCountry} から ${payerCountry} への取引の課税方法が決まっていません。請求情報に taxTreatment（または税務登録番号）を登録し、もう一度実行してください。`,
  },
  'tax-rate-missing': {
    en: ({ country, category = '', on = '' }) =>
      `No tax rate of ${country} is published for the category "${category}" on ${on}. Publish it with PUT /v1/tax-rates/${country}/{from}, and run again.`,
    ja: ({ country, category = '', on = '' }) =>
      `${country} の税率（区分「${category}」、${on} 時点）が公開されていません。PUT /v1/tax-rates/${country}/{from} で公開し、もう一度実行してください。`,
  },
};
