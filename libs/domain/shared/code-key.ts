/**
 * Names and codes, compared as they look: `ＳＥＧＭＥＮＴ`, `segment` and `Seg<U+200B>ment` are one
 * name. Spreadsheets and copied web pages bring in such characters unnoticed.
 */

/**
 * Characters that show nothing: zero-width ones, soft hyphens, byte-order marks, directional marks
 * (Unicode UAX #44).
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;

/** Printable ASCII, as nearly every code is: no invisible characters, one width. */
const isPlain = (text: string): boolean => /^[\x21-\x7e]*$/.test(text);

/** In ordinary width. Superscript digits and fractions are unchanged: `10²` is not `102`. */
const inOrdinaryWidth = (text: string): string =>
  text.replace(/\P{No}+/gu, (part) => part.normalize('NFKC'));

/**
 * A code as it looks: in ordinary width, without invisible characters, blanks around it or more
 * than one blank within it.
 */
export const visibleCode = (text: string): string =>
  isPlain(text) ? text : inOrdinaryWidth(text).replace(INVISIBLE, '').replace(/\s+/gu, ' ').trim();

/**
 * The key by which codes and names are compared: without regard to case, width, invisible
 * characters, blanks, `_` and `-`.
 */
export const codeKey = (text: string): string =>
  (isPlain(text) ? text : inOrdinaryWidth(text).replace(INVISIBLE, ''))
    .replace(/[\p{Z}\p{Cc}\p{Pd}\p{Pc}]/gu, '')
    .toLowerCase();

/** The letters and digits of a name alone, without accents. */
export const letterKey = (text: string): string =>
  codeKey(text)
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '');

/** Latin letters mixed with a script that has letters of the same shape: a word of no language. */
export const hasMixedScripts = (text: string): boolean =>
  /\p{Script=Latin}/u.test(text) &&
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}]/u.test(
    text,
  );
