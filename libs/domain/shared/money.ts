/** An amount as it is written everywhere outside a calculation: a decimal string, never a binary float. */
export interface Money {
  readonly amount: string;
  /** ISO 4217. */
  readonly currency: string;
}
