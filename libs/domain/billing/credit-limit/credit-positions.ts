import type { BillingEntity } from '../parties/billing-entity.js';
import type { BillingProfile } from '../parties/billing-profile.js';
import { negated, totalOf } from '../../shared/money.js';
import { accept, refuse, type Result } from '../../shared/result.js';
import type { PayerAccount } from '../account/payer-account.js';
import { billedCharges, type Ledger, ledgerOf } from '../account/payer-account.js';
import { withTaxes } from '../documents/charge-taxes.js';
import { creditBalance, openOf } from '../receivables/account.js';
import { lineTax, type LineTax, type TaxBlock, type TaxRateTable } from '../tax/line-tax.js';
import type { ExpectedCharge } from './credit-charges.js';
import type { CreditPosition } from './credit-exposure.js';

export interface CreditParties {
  readonly entity: BillingEntity;
  readonly profile: BillingProfile | undefined;
  /** Of the entity's country. */
  readonly rateTables: readonly TaxRateTable[];
}

/** Why the tax of a charge is not known. */
export type UnknownTax = TaxBlock | 'billing-profile-missing';

type Taxed = { readonly amount: string; readonly tax: LineTax };

/**
 * What a customer owes one issuer, by currency, with the charges that are on no document: those of
 * the account through the day, and the expected ones.
 */
export function creditPositions(
  account: PayerAccount,
  expected: readonly ExpectedCharge[],
  { entity, profile, rateTables }: CreditParties,
  date: string,
): Result<readonly CreditPosition[], UnknownTax> {
  const { entityId } = entity;
  const currencies = new Set([
    ...account.ledgers
      .filter((ledger) => ledger.entityId === entityId)
      .map(({ currency }) => currency),
    ...expected.map(({ currency }) => currency),
  ]);
  const parties = profile && {
    issuerCountry: entity.address.country,
    payer: {
      country: profile.address.country,
      ...(profile.taxId !== undefined && { taxId: profile.taxId }),
      ...(profile.taxTreatment && { taxTreatment: profile.taxTreatment }),
    },
    rateTables,
  };
  const positions: CreditPosition[] = [];
  for (const currency of currencies) {
    const ledger = ledgerOf(account, { entityId, currency });
    const recorded = ledger.unbilled.filter((charge) => charge.date <= date);
    const ahead = expected.filter((charge) => charge.currency === currency);
    const unbilled: Taxed[] = [...draftedLines(ledger)];
    if (recorded.length > 0 || ahead.length > 0) {
      if (!parties) return refuse('billing-profile-missing');
      const taxed = withTaxes(recorded, billedCharges(ledger), parties);
      if (!taxed.ok) return taxed;
      unbilled.push(...taxed.value);
      for (const { amount, taxCategory: category, on } of ahead) {
        const tax = lineTax({ ...parties, category, on });
        if (!tax.ok) return tax;
        unbilled.push({ amount, tax: tax.value });
      }
    }
    positions.push({ currency, ...balanceOf(ledger), unbilled });
  }
  return accept(positions);
}

/** A requested credit note is no charge; it counts from its issue. */
const draftedLines = ({ drafts }: Ledger): readonly Taxed[] =>
  drafts
    .filter(({ creditOf }) => creditOf === undefined)
    .flatMap(({ kind, lines }) =>
      lines.map(({ amount, tax }) => ({
        amount: kind === 'invoice' ? amount : negated(amount),
        tax,
      })),
    );

const balanceOf = ({
  receivables,
  currency,
}: Ledger): Pick<CreditPosition, 'open' | 'creditBalance'> => ({
  open: totalOf(
    receivables.invoices.map((invoice) => openOf(invoice, currency)),
    currency,
  ),
  creditBalance: creditBalance(receivables),
});
