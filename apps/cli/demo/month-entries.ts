import type { OfferFamily } from '../../../libs/domain/catalog/price-list.js';
import type { RevenueStatement } from '../../../libs/domain/qualification/revenue.js';
import { partnerId, tenantId } from '../../../libs/domain/shared/ids.js';
import { type Money, minorDigits } from '../../../libs/domain/shared/money.js';
import { demoCustomers, tenantIdOf } from './customers.js';
import { demoPartners } from './partners.js';
import { type DemoBusiness, demoBusinesses } from './revenue-businesses.js';
import { laterMonth, MONTHS_BEFORE, monthsThrough } from './months.js';

/** The source of the entries of the monthly files. */
export const MONTHLY_SOURCE = 'Partner Center, billed usage and licenses';

/**
 * The parts of a month's cloud revenue: the day on which each is billed, and its thousandths of the
 * month.
 */
const parts: readonly { readonly day: number; readonly thousandths: bigint }[] = [
  { day: 2, thousandths: 180n },
  { day: 3, thousandths: 140n },
  { day: 5, thousandths: 120n },
  { day: 8, thousandths: 110n },
  { day: 11, thousandths: 100n },
  { day: 14, thousandths: 95n },
  { day: 18, thousandths: 90n },
  { day: 22, thousandths: 85n },
  { day: 26, thousandths: 80n },
];

/**
 * The entries of the three years before the demonstration's first month. Two lines occur twice, and
 * count once.
 */
export function threeYears(firstMonth: string): readonly RevenueStatement[] {
  const months = monthsThrough(laterMonth(firstMonth, -MONTHS_BEFORE), laterMonth(firstMonth, -1));
  const entries = months.flatMap((month) => entriesOf(month, firstMonth));
  const again = [1, 2].map((part) =>
    referenceOf('sakura-systems', laterMonth(firstMonth, -2), part),
  );
  return [...entries, ...entries.filter(({ reference }) => again.includes(reference))];
}

/** The entries billed in one month, before any later change. */
export const entriesOf = (month: string, firstMonth: string): readonly RevenueStatement[] =>
  demoBusinesses.flatMap((business) =>
    sellsIn(business, month, firstMonth) ? monthOfBusiness(business, month, firstMonth) : [],
  );

/**
 * The reference of an entry of a monthly file. Its parts are counted from 1; the sidelines follow.
 */
export const referenceOf = (partner: string, month: string, part: number): string =>
  `${partner}/${month}/${part}`;

function sellsIn(
  { partnerId: id, endsBefore }: DemoBusiness,
  month: string,
  firstMonth: string,
): boolean {
  const partner = demoPartners.find((one) => one.partnerId === id);
  if (!partner) throw new Error(`no partner ${id}`);
  const { memberSince, membershipEndedOn = '9999-12-31' } = partner;
  return (
    `${month}-01` >= memberSince &&
    `${month}-28` < membershipEndedOn &&
    !(endsBefore && month >= firstMonth)
  );
}

function monthOfBusiness(
  business: DemoBusiness,
  month: string,
  firstMonth: string,
): readonly RevenueStatement[] {
  const { partnerId: id, currency, soldAs, monthly, growth, beside = [] } = business;
  const since = monthsBetween(laterMonth(firstMonth, -1), month);
  const inMinor = (units: bigint): bigint => units * 10n ** BigInt(minorDigits(currency));
  const thisMonth = (inMinor(monthly) * (100n + growth * BigInt(since))) / 100n;
  const entry = (
    family: OfferFamily,
    part: number,
    day: number,
    minor: bigint,
  ): RevenueStatement => ({
    partnerId: partnerId(id),
    tenantId: tenantId(customerOf(id, part)),
    amount: moneyOf(minor, currency),
    recognizedOn: `${month}-${String(day).padStart(2, '0')}`,
    family,
    soldAs,
    source: MONTHLY_SOURCE,
    reference: referenceOf(id, month, part),
  });
  return [
    ...parts.map(({ day, thousandths }, index) =>
      entry('cloud', index + 1, day, (thisMonth * thousandths) / 1_000n + cents(month, day)),
    ),
    ...beside
      .map((sideline, index) => ({ ...sideline, part: parts.length + index + 1 }))
      .filter(({ everyMonths }) => Number(month.slice(5, 7)) % everyMonths === 0)
      .map(({ family, part, day, price }) => entry(family, part, day, inMinor(price))),
  ];
}

/** Adds an odd number of cents to every amount, as in real bills. */
const cents = (month: string, day: number): bigint =>
  BigInt((Number(month.slice(5, 7)) * 31 + day * 17) % 97);

const monthsBetween = (from: string, to: string): number =>
  (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 +
  Number(to.slice(5, 7)) -
  Number(from.slice(5, 7));

/**
 * The customers in rotation. A partner without customers in this demonstration sold to tenants that
 * are not customers.
 */
function customerOf(seller: string, part: number): string {
  const customers = demoCustomers.filter((customer) => customer.seller === seller);
  const customer = customers[part % Math.max(customers.length, 1)];
  return customer
    ? tenantIdOf(customer)
    : `5e515500-0000-4000-8000-0000000001${String(part).padStart(2, '0')}`;
}

function moneyOf(minor: bigint, currency: string): Money {
  const digits = minorDigits(currency);
  const text = String(minor).padStart(digits + 1, '0');
  return {
    amount: digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`,
    currency,
  };
}
