import { DEPTH_AT_MOST } from '../../../../libs/platform/json/read-json.js';
import type { Language } from '../../../../libs/domain/gate/reason-texts.js';
import type { FieldProblem } from './field-problem.js';
import { percent, rate, taxRate } from './decorators.js';

type Text = Readonly<Record<Language, string>>;

/** The message of one fault. */
export function fieldMessage(problem: FieldProblem, language: Language): string {
  const { code, expected, bound } = problem;
  switch (code) {
    case 'required':
      return required[language];
    case 'unknown-field':
      return expected === undefined ? unknown[language] : eitherText(String(expected))[language];
    case 'type':
      return typeText(String(expected))[language];
    case 'format':
      return formatText(String(expected))[language];
    case 'pattern':
      return patternText(expected)[language];
    case 'range':
      return rangeText(expected, bound)[language];
    case 'length':
      return lengthText(expected, bound)[language];
    case 'enum':
      return choiceText(expected)[language];
  }
}

const required: Text = { en: 'This is required.', ja: '必須です。' };
const unknown: Text = { en: 'This field is unknown.', ja: 'この項目は存在しません。' };
const eitherText = (other: string): Text => ({
  en: `Give either this or "${other}", not both.`,
  ja: `これと「${other}」は、どちらか一方だけを指定してください。`,
});

const types: Readonly<Record<string, Text>> = {
  string: { en: 'a string', ja: '文字列' },
  integer: { en: 'a whole number', ja: '整数' },
  number: { en: 'a number', ja: '数値' },
  boolean: { en: 'true or false', ja: '真偽値（true または false）' },
  array: { en: 'a list', ja: '配列' },
  object: { en: 'an object', ja: 'オブジェクト' },
  once: { en: 'given once', ja: '一度だけの指定' },
};
const typeText = (type: string): Text => ({
  en: `This must be ${types[type]?.en ?? type}.`,
  ja: `${types[type]?.ja ?? type}でなければなりません。`,
});

const formatTexts: Readonly<Record<string, Text>> = {
  text: {
    en: 'This must be well-formed Unicode without control characters; line breaks and tabs are allowed.',
    ja: '制御文字を含まない正しい Unicode でなければなりません（改行とタブは使えます）。',
  },
  line: {
    en: 'This must be one line of well-formed Unicode without control characters.',
    ja: '制御文字を含まない一行の正しい Unicode でなければなりません。',
  },
  'visible-text': {
    en: 'This must contain a visible character, and no control characters except line breaks and tabs.',
    ja: '目に見える文字が必要です。改行とタブ以外の制御文字は使えません。',
  },
  'visible-line': {
    en: 'This must be one line that contains a visible character and no control characters.',
    ja: '目に見える文字を含む一行でなければなりません。制御文字は使えません。',
  },
  'idn-hostname': {
    en: 'This must be a domain name such as contoso.com. Letters of any script are allowed.',
    ja: 'contoso.com や 例え.jp のようなドメイン名でなければなりません。',
  },
  date: {
    en: 'This must be a date that exists, such as 2026-11-22.',
    ja: '2026-11-22 のような実在する日付でなければなりません。',
  },
  month: {
    en: 'This must be a month such as 2026-11.',
    ja: '2026-11 のような年月でなければなりません。',
  },
  instant: {
    en: 'This must be an instant in UTC such as 2026-11-22T09:00:00Z.',
    ja: '2026-11-22T09:00:00Z のような UTC の日時でなければなりません。',
  },
  'known-at': {
    en: 'This must be a log position (digits) or an instant in UTC such as 2026-11-22T09:00:00Z.',
    ja: 'ログの位置（数字）か、2026-11-22T09:00:00Z のような UTC の日時でなければなりません。',
  },
  position: {
    en: 'This must be a log position: digits.',
    ja: 'ログの位置（数字）でなければなりません。',
  },
  cursor: {
    en: 'This must be the "nextCursor" of an answer of the same list.',
    ja: '同じ一覧の応答にある「nextCursor」でなければなりません。',
  },
  language: {
    en: 'This must be a language tag such as ja or en-GB (BCP 47).',
    ja: 'ja や en-GB のような言語タグ（BCP 47）でなければなりません。',
  },
  decimal: {
    en: 'This must be a decimal number with at most 15 digits before the point and 20 after it.',
    ja: '整数部 15 桁、小数部 20 桁以内の 10 進数でなければなりません。',
  },
  'time-zone': {
    en: 'This must be a time zone of the IANA database, such as Asia/Tokyo.',
    ja: 'Asia/Tokyo のような IANA のタイムゾーン名でなければなりません。',
  },
  'registration-number': {
    en: 'In Japan this must be the registration number of a qualified invoice issuer: T and 13 digits.',
    ja: '日本では適格請求書発行事業者の登録番号（T と 13 桁の数字）でなければなりません。',
  },
  uuid: { en: 'This must be a GUID.', ja: 'GUID でなければなりません。' },
  email: { en: 'This must be an e-mail address.', ja: 'メールアドレスでなければなりません。' },
  json: {
    en: 'This must be JSON (RFC 8259) in UTF-8.',
    ja: 'UTF-8 の JSON（RFC 8259）でなければなりません。',
  },
  depth: {
    en: `Lists and objects may be nested at most ${DEPTH_AT_MOST} levels deep.`,
    ja: `配列とオブジェクトの入れ子は ${DEPTH_AT_MOST} 段までです。`,
  },
  once: {
    en: 'This name occurs more than once in its object.',
    ja: 'この名前は、同じオブジェクトの中で重複しています。',
  },
  gzip: { en: 'This must be gzip (RFC 1952).', ja: 'gzip（RFC 1952）でなければなりません。' },
  host: {
    en: 'This must be a host name or an address, with or without a port.',
    ja: 'ホスト名またはアドレス（ポートは任意）でなければなりません。',
  },
  unique: { en: 'The list contains the same value twice.', ja: '同じ値が重複しています。' },
  'minor-digits': {
    en: 'The amount has more digits after the point than the currency allows.',
    ja: '小数点以下の桁数が通貨の桁数を超えています。',
  },
};
const formatText = (format: string): Text =>
  formatTexts[format] ?? {
    en: 'This is not in the expected form.',
    ja: '形式が正しくありません。',
  };

/** A sentence for a pattern that a person would not understand. */
const patternTexts: Readonly<Record<string, Text>> = {
  [rate.source]: {
    en: 'This must be a decimal number above 0, with at most 15 digits before the point and 15 after it.',
    ja: '整数部 15 桁、小数部 15 桁以内の、0 より大きい 10 進数でなければなりません。',
  },
  [percent.source]: {
    en: 'This must be a decimal percentage of at least -100, with at most 4 digits after the point.',
    ja: '-100 以上、小数部 4 桁以内の百分率でなければなりません。',
  },
  [taxRate.source]: {
    en: 'This must be a rate from 0 to 1 such as 0.10, with at most 6 digits after the point.',
    ja: '0.10 のような 0 から 1 までの率（小数部 6 桁以内）でなければなりません。',
  },
};
const patternText = (pattern: FieldProblem['expected']): Text =>
  patternTexts[String(pattern)] ?? {
    en: `This must match ${String(pattern)}.`,
    ja: `${String(pattern)} に一致しなければなりません。`,
  };
const rangeTexts: Readonly<Record<string, Text>> = {
  '1–500': {
    en: 'This must be a whole number from 1 to 500.',
    ja: '1 から 500 までの整数でなければなりません。',
  },
  'log-end': { en: 'The log ends before that position.', ja: 'その位置はまだログにありません。' },
  positive: { en: 'This must be more than 0.', ja: '0 より大きい値でなければなりません。' },
  rates: { en: 'At least one rate is required.', ja: 'レートが少なくとも 1 つ必要です。' },
  'usd-rate': {
    en: 'The rate of USD is 1: give 1, or omit USD.',
    ja: 'USD のレートは 1 です。1 を指定するか、省略してください。',
  },
  'same-sign': {
    en: 'This must not be 0, and must have the same sign as the recorded amount.',
    ja: '0 は指定できません。記録済みの金額と同じ符号でなければなりません。',
  },
  'usd-digits': {
    en: 'In USD, this amount has more than 15 digits before the decimal point.',
    ja: '米ドルに換算すると、整数部が 15 桁を超えます。',
  },
};
/** Dates and instants, which are compared as texts. */
const dateRangeText = (limit: string, bound: FieldProblem['bound']): Text =>
  bound === 'min'
    ? { en: `This must not be before ${limit}.`, ja: `${limit} 以降でなければなりません。` }
    : { en: `This must not be after ${limit}.`, ja: `${limit} 以前でなければなりません。` };
const rangeText = (limit: FieldProblem['expected'], bound: FieldProblem['bound']): Text => {
  if (limit === undefined)
    return { en: 'This is outside the allowed range.', ja: '許される範囲の外です。' };
  const named = rangeTexts[limit];
  if (named) return named;
  if (typeof limit === 'string') return dateRangeText(limit, bound);
  if (bound === 'min')
    return { en: `This must be at least ${limit}.`, ja: `${limit} 以上でなければなりません。` };
  return { en: `This must be at most ${limit}.`, ja: `${limit} 以下でなければなりません。` };
};
const empty: Text = { en: 'This must not be empty.', ja: '空にはできません。' };
const lengthText = (limit: FieldProblem['expected'], bound: FieldProblem['bound']): Text =>
  bound === 'min' && limit === 1
    ? empty
    : bound === 'min'
      ? {
          en: `This is too short: the minimum length is ${limit}.`,
          ja: `短すぎます（長さは ${limit} 以上）。`,
        }
      : {
          en: `This is too long: the maximum length is ${limit}.`,
          ja: `長すぎます（長さは ${limit} 以下）。`,
        };
const choiceTexts: Readonly<Record<string, Text>> = {
  country: {
    en: 'This is not a country code (ISO 3166-1 alpha-2).',
    ja: 'そのような国コード（ISO 3166-1 alpha-2）はありません。',
  },
  currency: {
    en: 'This is not a currency code (ISO 4217).',
    ja: 'そのような通貨コード（ISO 4217）はありません。',
  },
  'no-market-code': {
    en: 'This country has no market code: omit the field.',
    ja: 'この国に市場コードはありません。省略してください。',
  },
  'agreement-country': {
    en: 'The customer agreement is not offered in this country.',
    ja: 'この国では顧客契約が提供されていません。',
  },
};
const choiceText = (choices: FieldProblem['expected']): Text => {
  if (choices === undefined)
    return { en: 'This is not an allowed value.', ja: '許される値ではありません。' };
  return choiceTexts[choices] ?? { en: `Allowed: ${choices}.`, ja: `許される値: ${choices}。` };
};
