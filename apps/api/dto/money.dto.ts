import { AmountIn, Currency, SignedAmountIn } from '../http/validation/words.js';

/**
 * An amount with its currency: a decimal string, at most 15 digits before the point and the
 * currency's minor digits after it.
 */
export class MoneyDto {
  @AmountIn('currency')
  readonly amount!: string;

  @Currency()
  readonly currency!: string;
}

/** The same, below zero too: a credit. */
export class SignedMoneyDto {
  @SignedAmountIn('currency')
  readonly amount!: string;

  @Currency()
  readonly currency!: string;
}
