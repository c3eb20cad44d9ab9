/**
 * Personal data in the log, encrypted under the subject's key. Equal `generation` and `mac` mean an
 * equal value. Once the key is destroyed, the value cannot be read again, and every hash over the
 * event still verifies.
 */
export interface Sealed {
  readonly sealed: 1;
  /** `customer:<tenantId>` or `partner:<partnerId>`. */
  readonly subject: string;
  readonly generation: number;
  readonly iv: string;
  readonly box: string;
  readonly mac: string;
}

export const sameSealed = (a: Sealed, b: Sealed): boolean =>
  a.subject === b.subject && a.generation === b.generation && a.mac === b.mac;

export const isSealed = (value: unknown): value is Sealed =>
  typeof value === 'object' && value !== null && 'sealed' in value && 'mac' in value;
