import type { MoneyFault } from './money.js';

/**
 * What only the record, the reference data or the calendar can tell to be malformed: the API
 * answers it 400, with `path`, and makes a text of the rest.
 */
export interface Malformed {
  readonly code: 'malformed';
  readonly path: string;
  readonly rule: 'range' | 'format' | 'enum';
  /** What would be right: a bound, the name of a form, or the choices. */
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

/** The last, or the first, date that may stand there. */
export const latest = (date: string): Fault => ({ rule: 'range', expected: date, bound: 'max' });
export const earliest = (date: string): Fault => ({ rule: 'range', expected: date, bound: 'min' });
export const oneOf = (choices: readonly string[]): Fault => ({
  rule: 'enum',
  expected: choices.join(', '),
});

/** Of the amount of money at a path. */
export const moneyMalformed = (path: string, { field, ...fault }: MoneyFault): Malformed =>
  malformed(`${path}/${field}`, fault);
