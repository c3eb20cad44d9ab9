/**
 * Texts that people see. Control characters, line separators and directional marks can hide or fake
 * a text (Unicode Technical Report 36, 2.6), so no recorded text has them.
 */
const UNSHOWABLE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const UNSHOWABLE_BUT_BREAKS = /(?![\t\n\r])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;
/** Spaces, characters without a shape, and U+2800, a braille cell without dots. */
const BLANK = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\u2800]*$/u;

/** Well-formed text on one line without hidden or misleading characters. */
export const isPrintableLine = (text: string): boolean =>
  text.isWellFormed() && !UNSHOWABLE.test(text);

/** The same with line breaks and tabs. */
export const isPrintableText = (text: string): boolean =>
  text.isWellFormed() && !UNSHOWABLE_BUT_BREAKS.test(text);

/** True for a text that is empty or has only spaces and invisible characters. */
export const isBlank = (text: string): boolean => BLANK.test(text);
