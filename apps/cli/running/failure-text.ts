import { problemOfError } from '../../api/http/problems/error-problems.js';
import { isProblemCode, problemKind } from '../../api/http/problems/problems.js';
import type { Language } from './language.js';

/** The API's text for the same failure: what happened and what to do; undefined for a defect. */
export function failureText(error: Error, language: Language): string | undefined {
  const problem = problemOfError(error);
  if (!problem) return undefined;
  const text = kindText(problem.code, language);
  return error.message === '' ? text : `${text}\n(${error.message})`;
}

/** The same for a refusal of the domain. */
export const refusalText = (code: string, language: Language): string =>
  isProblemCode(code) ? kindText(code, language) : code;

function kindText(code: Parameters<typeof problemKind>[0], language: Language): string {
  const { title, what, remedy } = problemKind(code);
  return `${title[language]}: ${what[language]} ${remedy[language]}`;
}
