import { problemOfError } from '../../api/http/problems/error-problems.js';
import { isProblemCode, problemKind } from '../../api/http/problems/problems.js';
import type { Language } from './language.js';

/**
 * What the API tells of the same failure: what happened, and what the reader can do. Undefined: a
 * defect.
 */
export function failureText(error: Error, language: Language): string | undefined {
  const problem = problemOfError(error);
  if (!problem) return undefined;
  const told = `${kindText(problem.code, language)}`;
  return error.message === '' ? told : `${told}\n(${error.message})`;
}

/** The same for a refusal of the domain. */
export const refusalText = (code: string, language: Language): string =>
  isProblemCode(code) ? kindText(code, language) : code;

function kindText(code: Parameters<typeof problemKind>[0], language: Language): string {
  const { title, what, remedy } = problemKind(code);
  return `${title[language]}: ${what[language]} ${remedy[language]}`;
}
