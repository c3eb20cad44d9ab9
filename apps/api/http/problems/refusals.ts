import { type ProblemDetails, ProblemException } from './problem.js';
import type { Text } from './problem-kind.js';
import { isProblemCode, type ProblemCode } from './problems.js';

/** A refusal of the domain: a code of its vocabulary, and perhaps what belongs to it. */
export interface Refusal {
  readonly code: ProblemCode | 'malformed';
  readonly path?: string;
  readonly rule?: 'range' | 'format' | 'enum';
  /** Of `malformed`: what would be right, and which bound it is. */
  readonly expected?: string | number;
  readonly bound?: 'min' | 'max';
  /** Of `market-unknown`: the market code that the address names. */
  readonly market?: string;
}

/**
 * The one place where a refusal gets its problem document. What only the record could tell to be
 * malformed is a 400 like any other.
 */
export function refusalProblem(refusal: Refusal, details: ProblemDetails = {}): ProblemException {
  const { code, path = '', rule = 'range', expected, bound, ...rest } = refusal;
  if (code === 'malformed' || !isProblemCode(code)) {
    return new ProblemException('malformed-request', {
      ...details,
      errors: [
        {
          path: path === '' || path.startsWith('/') ? path : `/${path}`,
          code: rule,
          ...(expected !== undefined && { expected }),
          ...(bound && { bound }),
        },
      ],
    });
  }
  const detail = code === 'market-unknown' &&
    rest.market !== undefined && { detail: unknownMarket(rest.market) };
  return new ProblemException(code, {
    ...detail,
    ...details,
    extensions: { ...rest, ...details.extensions },
  });
}

const unknownMarket = (market: string): Text => ({
  en: `"${market}" in the address is not the code of a CSP market. "marketCodes" lists the valid codes.`,
  ja: `アドレスの「${market}」は CSP の市場コードではありません。市場コードの一覧は「marketCodes」にあります。`,
});
