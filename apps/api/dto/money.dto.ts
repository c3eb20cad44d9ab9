import { AmountIn, Currency } from '../http/validation/words.js';

/** An amount with its currency: a decimal string, at most 15 digits before the point and the currency's minor digits after it. */
export class MoneyDto {
  @AmountIn('currency')
  readonly amount!: string;

  @Currency()
  readonly currency!: string;
}
