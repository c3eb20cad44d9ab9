import { accept, refuse, type Result } from '../../shared/result.js';
import { isEuMember } from './eu-members.js';

export type TaxTreatment = 'standard' | 'exempt' | 'reverse-charge' | 'outside-scope';

/** The rates of a country from a day on, by category. A rate is a decimal: `0.10`. */
export interface TaxRateTable {
  readonly country: string;
  readonly from: string;
  readonly rates: Readonly<Record<string, string>>;
}

export interface LineTax {
  readonly treatment: TaxTreatment;
  readonly category: string;
  readonly rate: string;
  /** Why no tax is charged, as the payer's profile states it. */
  readonly reason?: string;
}

export type TaxBlock = 'tax-rate-missing' | 'tax-treatment-missing';

export interface TaxQuestion {
  readonly issuerCountry: string;
  readonly payer: {
    readonly country: string;
    readonly taxId?: string;
    /** Of the billing profile; it comes before every rule. */
    readonly taxTreatment?: { readonly treatment: TaxTreatment; readonly reason: string };
  };
  readonly category: string;
  /** First day of the charge; for a credit, of the charge that it corrects. */
  readonly on: string;
  /** In the order of the log. */
  readonly rateTables: readonly TaxRateTable[];
}

/**
 * How a line is taxed, or why the payer is blocked. Inside the issuer's country the rate of the
 * category; between two countries of the EU, to a payer with a tax id, reverse charge (Directive
 * 2006/112/EC, Art. 44 and 196). Nothing else is guessed.
 */
export function lineTax(question: TaxQuestion): Result<LineTax, TaxBlock> {
  const { issuerCountry, payer, category, on } = question;
  const stated = payer.taxTreatment;
  if (stated && stated.treatment !== 'standard')
    return accept({ category, rate: '0', reason: stated.reason, treatment: stated.treatment });
  if (stated || payer.country === issuerCountry) return atRateOf(question);
  if (payer.taxId !== undefined && isEuMember(issuerCountry, on) && isEuMember(payer.country, on))
    return accept({ category, rate: '0', treatment: 'reverse-charge' });
  return refuse('tax-treatment-missing');
}

function atRateOf({
  issuerCountry,
  category,
  on,
  rateTables,
}: TaxQuestion): Result<LineTax, TaxBlock> {
  const rates = rateTableOn(rateTables, issuerCountry, on)?.rates ?? {};
  // A category comes from a price list: it must not find a member that every object inherits.
  const rate = Object.hasOwn(rates, category) ? rates[category] : undefined;
  return rate === undefined
    ? refuse('tax-rate-missing')
    : accept({ category, rate, treatment: 'standard' });
}

/** The table with the latest `from` that is not after the day; the last in the log among equals. */
export function rateTableOn(
  tables: readonly TaxRateTable[],
  country: string,
  on: string,
): TaxRateTable | undefined {
  return tables
    .filter((table) => table.country === country && table.from <= on)
    .reduce<TaxRateTable | undefined>(
      (latest, table) => (latest && table.from < latest.from ? latest : table),
      undefined,
    );
}

/** The words that Art. 226(11a) of the VAT directive requires, in the directive's English text. */
export const REVERSE_CHARGE_WORDING = 'Reverse charge';
