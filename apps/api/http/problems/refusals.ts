import { type ProblemDetails, ProblemException } from './problem.js';
import type { ProblemText } from './problem-kind.js';
import type { ProblemCode } from './problems.js';

/** A refusal of the domain: its code, and the members that the problem document repeats. */
export interface Refusal {
  readonly code: ProblemCode | 'malformed';
  readonly path?: string;
  readonly rule?: 'range' | 'format' | 'enum';
  /** For `malformed`: the expected value, and which bound it is. */
  readonly expected?: string | number;
  readonly bound?: 'min' | 'max';
  /** For `market-unknown`: the market code in the address. */
  readonly market?: string;
}

/**
 * The problem document of a refusal. `malformed` from the domain is a fault that only the record
 * can show: 400, like a fault that the schema finds.
 */
export function refusalProblem(refusal: Refusal, details: ProblemDetails = {}): ProblemException {
  const { code, path = '', rule = 'range', expected, bound, ...rest } = refusal;
  if (code === 'malformed') {
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

const unknownMarket = (market: string): ProblemText => ({
  en: `"${market}" in the address is not the code of a CSP market. "marketCodes" lists the valid codes.`,
  ja: `アドレスの「${market}」は CSP の市場コードではありません。市場コードの一覧は「marketCodes」にあります。`,
});
