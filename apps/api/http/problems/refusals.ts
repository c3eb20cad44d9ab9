import { type ProblemDetails, ProblemException } from './problem.js';
import { isProblemCode, type ProblemCode } from './problems.js';

/** A refusal of the domain: a code of its vocabulary, and perhaps what belongs to it. */
export interface Refusal {
  readonly code: ProblemCode | 'malformed';
  readonly path?: string;
  readonly rule?: 'range' | 'format' | 'enum';
}

/** The one place where a refusal gets its problem document. What only the record could tell to be malformed is a 400 like any other. */
export function refusalProblem(refusal: Refusal, details: ProblemDetails = {}): ProblemException {
  const { code, path = '', rule = 'range', ...rest } = refusal;
  if (code === 'malformed' || !isProblemCode(code)) {
    return new ProblemException('malformed-request', {
      ...details,
      errors: [{ path: path === '' || path.startsWith('/') ? path : `/${path}`, code: rule }],
    });
  }
  return new ProblemException(code, { ...details, extensions: { ...rest, ...details.extensions } });
}
