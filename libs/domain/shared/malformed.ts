import type { MoneyFault } from './money.js';

/**
 * A value that only the record, the reference data or the calendar shows to be wrong. The API
 * answers 400 with `path` and a text made of the other fields.
 */
export interface Malformed {
  readonly code: 'malformed';
  readonly path: string;
  readonly rule: 'range' | 'format' | 'enum';
  /** The right value: a bound, the name of a form, or the choices. */
  readonly expected?: string | number;
  /** Which bound `expected` is. */
  readonly bound?: 'min' | 'max';
}

type Fault = Omit<Malformed, 'code' | 'path'>;

export const malformed = (path: string, fault: Fault): Malformed => ({
  code: 'malformed',
  path,
  ...fault,
});

/** The last or the first permitted date. */
export const latest = (date: string): Fault => ({ rule: 'range', expected: date, bound: 'max' });
export const earliest = (date: string): Fault => ({ rule: 'range', expected: date, bound: 'min' });
export const oneOf = (choices: readonly string[]): Fault => ({
  rule: 'enum',
  expected: choices.join(', '),
});

/** A fault of the amount of money at a path. */
export const moneyMalformed = (path: string, { field, ...fault }: MoneyFault): Malformed =>
  malformed(`${path}/${field}`, fault);
