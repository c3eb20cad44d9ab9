/**
 * Names and codes, compared as they look: `ＳＥＧＭＥＮＴ`, `segment` and `Seg<U+200B>ment` are one
 * name. Spreadsheets and copied web pages bring in such characters unnoticed.
 */

/**
 * Invisible characters: zero-width ones, soft hyphens, byte-order marks, directional marks (Unicode
 * UAX #44).
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;

/** Printable ASCII, as nearly every code is: no invisible characters, one width. */
const isPlain = (text: string): boolean => /^[\x21-\x7e]*$/.test(text);

/** In ordinary width. Superscript digits and fractions are unchanged: `10²` is not `102`. */
const inOrdinaryWidth = (text: string): string =>
  text.replace(/\P{No}+/gu, (part) => part.normalize('NFKC'));

/**
 * The visible form of a code: in ordinary width, without invisible characters, outer spaces or
 * repeated spaces.
 */
export const visibleCode = (text: string): string =>
  isPlain(text) ? text : inOrdinaryWidth(text).replace(INVISIBLE, '').replace(/\s+/gu, ' ').trim();

/**
 * The key by which codes and names are compared: without regard to case, width, invisible
 * characters, spaces, `_` and `-`.
 */
export const codeKey = (text: string): string =>
  (isPlain(text) ? text : inOrdinaryWidth(text).replace(INVISIBLE, ''))
    .replace(/[\p{Z}\p{Cc}\p{Pd}\p{Pc}]/gu, '')
    .toLowerCase();

/** Only the letters and digits of a name, without accents. */
export const letterKey = (text: string): string =>
  codeKey(text)
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '');

/**
 * Whether Latin letters are mixed with a script that has letters of the same shape: no language has
 * such words.
 */
export const hasMixedScripts = (text: string): boolean =>
  /\p{Script=Latin}/u.test(text) &&
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}]/u.test(
    text,
  );
