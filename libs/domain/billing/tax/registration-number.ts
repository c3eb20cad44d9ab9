const PATTERN = /^T(\d)(\d{12})$/;

/** Japan's number of a qualified invoice issuer: T and 13 digits. */
export const isRegistrationNumber = (taxId: string): boolean => PATTERN.test(taxId);

/**
 * Whether the first digit is the check digit of a corporate number: 9 less the remainder by 9 of the
 * digits from the right, weighted 1 and 2 alternately (Ministry of Finance ordinance on corporate
 * numbers). Sole proprietors have numbers of no published rule, so a wrong digit is a warning only.
 */
export function hasCorporateCheckDigit(taxId: string): boolean {
  const [, check, digits = ''] = PATTERN.exec(taxId) ?? [];
  if (check === undefined) return false;
  const weighted = [...digits]
    .reverse()
    .reduce((sum, digit, index) => sum + Number(digit) * (index % 2 === 0 ? 1 : 2), 0);
  return Number(check) === 9 - (weighted % 9);
}
