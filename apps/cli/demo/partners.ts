import type {
  PartnerModel,
  ServiceKind,
  SupportPlan,
} from '../../../libs/domain/partner/partner.js';

/**
 * A partner of the demonstration. All dates are far in the past, so that it is the same in every
 * month.
 */
export interface DemoPartner {
  readonly partnerId: string;
  readonly legalName: string;
  readonly country: string;
  readonly model: PartnerModel;
  /** The countries of its PartnerIDs. The default is its own country. */
  readonly locations?: readonly string[];
  readonly memberSince: string;
  /** The first day without a membership. */
  readonly membershipEndedOn?: string;
  /** The person who may sign for it. */
  readonly signer?: { readonly name: string; readonly title: string };
  readonly providerIds?: readonly string[];
  readonly supportPlan?: SupportPlan;
  readonly service?: { readonly kind: ServiceKind; readonly name: string };
  readonly directBillSince?: string;
  /** Its own tenant in CSP: no partner may sell to it. */
  readonly cspTenantIds?: readonly string[];
}

export const demoPartners: readonly DemoPartner[] = [
  {
    partnerId: 'kaname-distribution',
    legalName: '要ディストリビューション株式会社',
    country: 'JP',
    model: 'indirect-provider',
    memberSince: '2018-04-01',
    signer: { name: '高橋 誠', title: '代表取締役' },
    cspTenantIds: ['5e515500-0000-4000-8000-0000000000a1'],
  },
  {
    partnerId: 'alpina-distribution',
    legalName: 'Alpina Distribution GmbH',
    country: 'DE',
    model: 'indirect-provider',
    locations: ['DE', 'FR'],
    memberSince: '2017-09-01',
    signer: { name: 'Katharina Vogt', title: 'Geschäftsführerin' },
  },
  {
    partnerId: 'sakura-systems',
    legalName: '株式会社さくらシステムズ',
    country: 'JP',
    model: 'indirect-reseller',
    memberSince: '2019-10-01',
    signer: { name: '佐藤 美咲', title: '取締役' },
    providerIds: ['kaname-distribution'],
    supportPlan: 'advanced',
    service: { kind: 'managed-service', name: 'さくら運用監視サービス' },
    cspTenantIds: ['5e515500-0000-4000-8000-0000000000a2'],
  },
  {
    partnerId: 'hokuto-it',
    legalName: '北斗アイティー合同会社',
    country: 'JP',
    model: 'indirect-reseller',
    memberSince: '2022-04-01',
    signer: { name: '中村 健', title: '代表社員' },
    providerIds: ['kaname-distribution'],
  },
  {
    partnerId: 'lumiere-conseil',
    legalName: 'Lumière Conseil SAS',
    country: 'FR',
    model: 'indirect-reseller',
    locations: ['FR', 'CH'],
    memberSince: '2020-01-15',
    signer: { name: 'Camille Durand', title: 'Directrice générale' },
    providerIds: ['alpina-distribution'],
    service: { kind: 'customer-solution', name: 'Portail Lumière' },
  },
  {
    partnerId: 'nordlicht-it',
    legalName: 'Nordlicht IT GmbH',
    country: 'DE',
    model: 'indirect-reseller',
    memberSince: '2021-03-01',
    signer: { name: 'Jonas Petersen', title: 'Prokurist' },
    providerIds: ['alpina-distribution'],
  },
  {
    partnerId: 'thames-cloud',
    legalName: 'Thames Cloud Ltd',
    country: 'GB',
    model: 'indirect-reseller',
    memberSince: '2019-06-01',
    signer: { name: 'Oliver Reed', title: 'Director' },
    providerIds: ['alpina-distribution'],
  },
  {
    // Its membership was not renewed.
    partnerId: 'ardoise-numerique',
    legalName: 'Ardoise Numérique SARL',
    country: 'FR',
    model: 'indirect-reseller',
    memberSince: '2020-05-01',
    membershipEndedOn: '2024-05-01',
    signer: { name: 'Hugo Lefèvre', title: 'Gérant' },
    providerIds: ['alpina-distribution'],
  },
  {
    // New: no signing authority is recorded yet.
    partnerId: 'mistral-services',
    legalName: 'Mistral Services SAS',
    country: 'FR',
    model: 'indirect-reseller',
    memberSince: '2024-02-01',
    providerIds: ['alpina-distribution'],
  },
  {
    partnerId: 'cascade-cloud',
    legalName: 'Cascade Cloud, Inc.',
    country: 'US',
    model: 'direct-bill',
    memberSince: '2016-01-01',
    signer: { name: 'Dana Whitfield', title: 'VP Alliances' },
    supportPlan: 'premier',
    service: { kind: 'ip-service', name: 'Cascade Backup' },
    directBillSince: '2021-07-01',
  },
];
