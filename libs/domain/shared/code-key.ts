/**
 * Texts that name something, compared by what a person sees in them: `ＳＥＧＭＥＮＴ`, `segment` and
 * `Seg<U+200B>ment` are one name. Spreadsheets and copied web pages bring such characters without
 * anybody's knowledge.
 */

/**
 * Characters that show nothing: zero-width ones, soft hyphens, byte-order marks, directional marks
 * (Unicode UAX #44).
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;

/** Nearly every code is; nothing in it is invisible or has another width. */
const isPlain = (text: string): boolean => /^[\x21-\x7e]*$/.test(text);

/** In ordinary width. Superscript digits and fractions stay what they are: `10²` is not `102`. */
const inOrdinaryWidth = (text: string): string =>
  text.replace(/\P{No}+/gu, (part) => part.normalize('NFKC'));

/**
 * A code as it looks: in ordinary width, without invisible characters, blanks around it or more
 * than one blank within it.
 */
export const visibleCode = (text: string): string =>
  isPlain(text) ? text : inOrdinaryWidth(text).replace(INVISIBLE, '').replace(/\s+/gu, ' ').trim();

/**
 * What a code or a name is compared by: without regard to case, width, invisible characters,
 * blanks, `_` and `-`.
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

/**
 * Latin letters beside those of a script that has some of the same shape: hardly a word of any
 * language.
 */
export const hasMixedScripts = (text: string): boolean =>
  /\p{Script=Latin}/u.test(text) &&
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}]/u.test(
    text,
  );
