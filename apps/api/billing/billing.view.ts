import {
  type BillingEntity,
  hasUnusualCheckDigit,
} from '../../../libs/domain/billing/parties/billing-entity.js';
import type {
  BillingProfile,
  Payer,
} from '../../../libs/domain/billing/parties/billing-profile.js';
import type { TaxRateTable } from '../../../libs/domain/billing/tax/line-tax.js';
import type { Language } from '../../../libs/domain/gate/reason-texts.js';

/** Nothing is wrong with the request, but a person may want to look at the value. */
interface Warning {
  readonly path: string;
  readonly code: 'check-digit';
  readonly message: string;
}

const checkDigit: Readonly<Record<Language, string>> = {
  en: 'The check digit is not that of a corporate number. This is right for a sole proprietor; otherwise check the number.',
  ja: '検査用数字が法人番号の規則と一致しません。個人事業者の番号であれば問題ありません。法人の場合は番号を確認してください。',
};

/** A billing entity as the API shows it. `language` is that of the warnings. */
export function billingEntityView(entity: BillingEntity, language: Language) {
  const warnings: readonly Warning[] = hasUnusualCheckDigit(entity)
    ? [{ path: '/taxId', code: 'check-digit', message: checkDigit[language] }]
    : [];
  return {
    entityId: entity.entityId,
    partnerId: entity.partnerId,
    legalName: entity.legalName,
    address: entity.address,
    taxId: entity.taxId,
    currency: entity.currency,
    language: entity.language,
    numberPrefix: entity.numberPrefix,
    paymentTermsDays: entity.paymentTermsDays,
    timeZone: entity.timeZone,
    taxRounding: entity.taxRounding,
    pricing: entity.pricing,
    bankDetails: entity.bankDetails,
    warnings,
  };
}

export const billingProfileView = (payer: Payer, profile: BillingProfile) => ({
  payer,
  address: profile.address,
  taxId: profile.taxId,
  purchaseOrder: profile.purchaseOrder,
  paymentTermsDays: profile.paymentTermsDays,
  language: profile.language,
  taxTreatment: profile.taxTreatment,
});

export const taxRatesView = ({ country, from, rates }: TaxRateTable) => ({ country, from, rates });

const address = {
  lines: ['1-1 Marunouchi'],
  city: 'Chiyoda-ku',
  region: 'Tokyo',
  postalCode: '100-0005',
  country: 'JP',
};

export const billingEntityExample = {
  entityId: 'kansai-billing',
  partnerId: 'kansai-cloud',
  legalName: 'Kansai Cloud KK',
  address,
  taxId: 'T7000012050002',
  currency: 'JPY',
  language: 'ja',
  numberPrefix: 'KC-',
  paymentTermsDays: 30,
  timeZone: 'Asia/Tokyo',
  taxRounding: 'truncate',
  pricing: { basis: 'erp-price', adjustmentPercent: '-5' },
  warnings: [],
};

export const customerProfileExample = {
  payer: 'customer:8d1f6a52-53a1-4b0f-8c83-2f6a0f3f7c42',
  address,
  purchaseOrder: 'PO-2026-11',
};

export const partnerProfileExample = {
  payer: 'partner:kansai-cloud',
  address,
  paymentTermsDays: 60,
};

export const taxRatesExample = {
  country: 'JP',
  from: '2019-10-01',
  rates: { reduced: '0.08', standard: '0.10' },
};
