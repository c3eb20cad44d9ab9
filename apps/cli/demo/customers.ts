import type { Signatory } from '../../../libs/application/customers/customer.commands.js';
import type { Qualification } from '../../../libs/domain/customer/customer.js';

/** A customer of the demonstration, and its sellers. */
export interface DemoCustomer {
  /** Two hexadecimal digits: the end of its tenant's id. */
  readonly id: string;
  readonly legalName: string;
  readonly country: string;
  readonly domain: string;
  readonly seller: string;
  readonly qualifications?: readonly Qualification[];
  readonly agreement?: {
    readonly signedOn: string;
    readonly language: string;
    readonly signatory: Signatory;
    readonly withdrawnOn?: string;
  };
  /**
   * By default the tenant is looked up each month. `associated`: looked up each month and found to
   * be a partner's tenant. `never`: never looked up.
   */
  readonly tenantCheck?: 'never' | 'long-ago' | 'associated';
  /** A relationship with its seller is on record. */
  readonly relationshipSince?: string;
}

export const tenantIdOf = ({ id }: Pick<DemoCustomer, 'id'>): string =>
  `5e515500-0000-4000-8000-0000000000${id}`;

/** The day of the expired tenant check. */
export const checkedLongAgoOn = '2024-01-15';

const signed = (
  signedOn: string,
  language: string,
  firstName: string,
  lastName: string,
  email: string,
) => ({
  signedOn,
  language,
  signatory: { firstName, lastName, email },
});

export const demoCustomers: readonly DemoCustomer[] = [
  {
    id: '01',
    legalName: '神戸フーズ株式会社',
    country: 'JP',
    domain: 'kobe-foods.example',
    seller: 'sakura-systems',
    agreement: signed('2023-04-10', 'ja-JP', '花子', '山田', 'hanako.yamada@kobe-foods.example'),
    relationshipSince: '2023-04-01',
  },
  {
    id: '02',
    legalName: '横浜造機株式会社',
    country: 'JP',
    domain: 'yokohama-zoki.example',
    seller: 'sakura-systems',
    agreement: signed('2022-11-02', 'ja-JP', '一郎', '鈴木', 'suzuki@yokohama-zoki.example'),
  },
  {
    id: '03',
    legalName: '学校法人 青葉学園',
    country: 'JP',
    domain: 'aoba-gakuen.example',
    seller: 'sakura-systems',
    qualifications: ['education'],
    agreement: signed('2023-03-20', 'ja-JP', '由美', '小林', 'kobayashi@aoba-gakuen.example'),
  },
  {
    id: '04',
    legalName: '札幌観光バス株式会社',
    country: 'JP',
    domain: 'sapporo-bus.example',
    seller: 'hokuto-it',
    agreement: signed('2023-08-01', 'ja-JP', '大輔', '佐々木', 'sasaki@sapporo-bus.example'),
  },
  {
    id: '05',
    legalName: '株式会社みなと会計',
    country: 'JP',
    domain: 'minato-kaikei.example',
    seller: 'hokuto-it',
    agreement: signed('2024-02-14', 'ja-JP', '恵子', '田中', 'tanaka@minato-kaikei.example'),
  },
  {
    // The tenant is associated with CSP: it belongs to a partner.
    id: '06',
    legalName: '大阪クラウドパートナーズ株式会社',
    country: 'JP',
    domain: 'osaka-cp.example',
    seller: 'sakura-systems',
    agreement: signed('2023-09-05', 'ja-JP', '翔', '渡辺', 'watanabe@osaka-cp.example'),
    tenantCheck: 'associated',
  },
  {
    // It has never signed the agreement.
    id: '07',
    legalName: '京都町家ホテル株式会社',
    country: 'JP',
    domain: 'kyoto-machiya.example',
    seller: 'sakura-systems',
  },
  {
    id: '11',
    legalName: 'Boulangeries Martin SA',
    country: 'FR',
    domain: 'boulangeries-martin.example',
    seller: 'lumiere-conseil',
    agreement: signed(
      '2023-02-01',
      'fr-FR',
      'Élise',
      'Martin',
      'elise@boulangeries-martin.example',
    ),
    relationshipSince: '2023-01-15',
  },
  {
    id: '12',
    legalName: 'Ateliers du Rhône SARL',
    country: 'FR',
    domain: 'ateliers-rhone.example',
    seller: 'lumiere-conseil',
    agreement: signed('2022-06-30', 'fr-FR', 'Julien', 'Perrin', 'jperrin@ateliers-rhone.example'),
  },
  {
    id: '13',
    legalName: 'Association Les Jardins Partagés',
    country: 'FR',
    domain: 'jardins-partages.example',
    seller: 'lumiere-conseil',
    qualifications: ['nonprofit'],
    agreement: signed('2023-10-12', 'fr-FR', 'Nadia', 'Benali', 'contact@jardins-partages.example'),
  },
  {
    // It signed the agreement and withdrew.
    id: '14',
    legalName: 'Transports Girard SAS',
    country: 'FR',
    domain: 'transports-girard.example',
    seller: 'lumiere-conseil',
    agreement: {
      ...signed('2022-09-15', 'fr-FR', 'Paul', 'Girard', 'paul@transports-girard.example'),
      withdrawnOn: '2024-05-31',
    },
  },
  {
    id: '15',
    legalName: 'Cabinet Rousseau Avocats',
    country: 'FR',
    domain: 'rousseau-avocats.example',
    seller: 'ardoise-numerique',
    agreement: signed(
      '2021-11-08',
      'fr-FR',
      'Sophie',
      'Rousseau',
      'sophie@rousseau-avocats.example',
    ),
  },
  {
    id: '16',
    legalName: 'Horlogerie du Léman SA',
    country: 'CH',
    domain: 'horlogerie-leman.example',
    seller: 'lumiere-conseil',
    agreement: signed('2023-05-22', 'fr-FR', 'Marc', 'Favre', 'm.favre@horlogerie-leman.example'),
  },
  {
    id: '21',
    legalName: 'Hansewerk Maschinenbau GmbH',
    country: 'DE',
    domain: 'hansewerk.example',
    seller: 'nordlicht-it',
    agreement: signed('2022-10-04', 'de-DE', 'Anke', 'Brandt', 'a.brandt@hansewerk.example'),
  },
  {
    id: '22',
    legalName: 'Bäckerei Sonnenschein KG',
    country: 'DE',
    domain: 'sonnenschein.example',
    seller: 'nordlicht-it',
    agreement: signed('2023-07-19', 'de-DE', 'Lukas', 'Sommer', 'info@sonnenschein.example'),
  },
  {
    // Its tenant check has expired.
    id: '23',
    legalName: 'Isartal Logistik AG',
    country: 'DE',
    domain: 'isartal-logistik.example',
    seller: 'nordlicht-it',
    agreement: signed('2023-12-01', 'de-DE', 'Miriam', 'Huber', 'm.huber@isartal-logistik.example'),
    tenantCheck: 'long-ago',
  },
  {
    id: '24',
    legalName: 'Universität Rheinufer',
    country: 'DE',
    domain: 'uni-rheinufer.example',
    seller: 'nordlicht-it',
    qualifications: ['education', 'stateOwnedEntity'],
    agreement: signed('2022-03-03', 'de-DE', 'Thomas', 'Kern', 'kern@uni-rheinufer.example'),
  },
  {
    id: '31',
    legalName: 'Harbour & Finch LLP',
    country: 'GB',
    domain: 'harbourfinch.example',
    seller: 'thames-cloud',
    agreement: signed('2023-01-11', 'en-US', 'Amelia', 'Finch', 'amelia@harbourfinch.example'),
  },
  {
    id: '32',
    legalName: 'Pennine Care Trust',
    country: 'GB',
    domain: 'pennine-care.example',
    seller: 'thames-cloud',
    qualifications: ['nonprofit'],
    agreement: signed('2023-06-27', 'en-US', 'George', 'Hartley', 'g.hartley@pennine-care.example'),
  },
  {
    // Its tenant was never checked for association.
    id: '33',
    legalName: 'Blackfriars Studio Ltd',
    country: 'GB',
    domain: 'blackfriars.example',
    seller: 'thames-cloud',
    agreement: signed('2024-04-02', 'en-US', 'Zoe', 'Marsh', 'zoe@blackfriars.example'),
    tenantCheck: 'never',
  },
  {
    id: '41',
    legalName: 'Redwood Dental Group, LLC',
    country: 'US',
    domain: 'redwood-dental.example',
    seller: 'cascade-cloud',
    agreement: signed('2022-08-23', 'en-US', 'Maria', 'Lopez', 'mlopez@redwood-dental.example'),
  },
  {
    id: '42',
    legalName: 'Great Lakes Freight, Inc.',
    country: 'US',
    domain: 'greatlakesfreight.example',
    seller: 'cascade-cloud',
    agreement: signed('2023-11-30', 'en-US', 'Kevin', 'Olson', 'kolson@greatlakesfreight.example'),
  },
  {
    id: '43',
    legalName: 'Bayou Community College',
    country: 'US',
    domain: 'bayou.example',
    seller: 'cascade-cloud',
    qualifications: ['education'],
    agreement: signed('2023-08-15', 'en-US', 'Denise', 'Thibodeaux', 'dthibodeaux@bayou.example'),
  },
];
