import type { Language } from '../../../../libs/domain/gate/reason-texts.js';
import { fieldMessage } from '../validation/field-messages.js';
import type { FieldProblem } from '../validation/field-problem.js';
import type { ProblemText } from './problem-kind.js';
import { type ProblemCode, problemKind, problemType } from './problems.js';

export interface ProblemDetails {
  /** The description of this case. The default is the text of the kind. */
  readonly detail?: ProblemText;
  readonly errors?: readonly FieldProblem[];
  /** Further members of the document (RFC 9457, 3.2). */
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** Ends a request with a problem document. */
export class ProblemException extends Error {
  override readonly name = 'ProblemException';
  constructor(
    readonly code: ProblemCode,
    readonly details: ProblemDetails = {},
  ) {
    super(
      details.detail?.en ?? problemKind(code).what.en,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
  }
}

/** 400 with all faults that were found. */
export const malformed = (...errors: FieldProblem[]): ProblemException =>
  new ProblemException('malformed-request', { errors });

export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly [extension: string]: unknown;
}

/** The document (RFC 9457) in the reader's language. */
export function problemDocument(
  code: ProblemCode,
  details: ProblemDetails,
  language: Language,
  instance: string,
): ProblemDocument {
  const kind = problemKind(code);
  const errors = details.errors?.map(({ path, code: fault, in: place, ...rest }) => ({
    path,
    code: fault,
    message: fieldMessage({ path, code: fault, ...rest }, language),
    ...(place && { in: place }),
  }));
  return {
    type: problemType(code),
    title: kind.title[language],
    status: kind.status,
    detail: (details.detail ?? kind.what)[language],
    instance,
    ...(errors && { errors }),
    ...details.extensions,
  };
}
