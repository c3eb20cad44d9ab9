import type { Language } from '../../../../libs/domain/gate/reason-texts.js';

export type ProblemText = Readonly<Record<Language, string>>;

/** A kind of problem document: its status, title and page. */
export interface ProblemKind {
  readonly status: number;
  readonly title: ProblemText;
  /** What happened. */
  readonly what: ProblemText;
  /** What to do about it. */
  readonly remedy: ProblemText;
  /** The client may repeat the request after this time. */
  readonly retryAfterSeconds?: number;
}

export const kind = (
  status: number,
  title: [en: string, ja: string],
  what: [en: string, ja: string],
  remedy: [en: string, ja: string],
): ProblemKind => ({
  status,
  title: text(title),
  what: text(what),
  remedy: text(remedy),
});

export const retried = (after: ProblemKind, retryAfterSeconds: number): ProblemKind => ({
  ...after,
  retryAfterSeconds,
});

const text = ([en, ja]: [string, string]): ProblemText => ({ en, ja });
