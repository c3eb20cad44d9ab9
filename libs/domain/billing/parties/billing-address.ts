/** The address of a legal person, as its documents print it. */
export interface BillingAddress {
  /** One to four. */
  readonly lines: readonly string[];
  readonly city?: string;
  readonly region?: string;
  readonly postalCode?: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

/** The same address with its fields in one order, so that equal addresses have equal JSON. */
export const billingAddress = ({
  lines,
  city,
  region,
  postalCode,
  country,
}: BillingAddress): BillingAddress => ({
  lines: [...lines],
  ...(city !== undefined && { city }),
  ...(region !== undefined && { region }),
  ...(postalCode !== undefined && { postalCode }),
  country,
});

/** The value of an optional field after a PUT: an absent field is unchanged, `null` clears it. */
export const afterPut = <Value>(
  stated: Value | null | undefined,
  before: Value | undefined,
): Value | undefined => (stated === undefined ? before : (stated ?? undefined));
