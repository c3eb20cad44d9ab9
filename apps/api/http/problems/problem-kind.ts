import type { Language } from '../../../../libs/domain/gate/reason-texts.js';

export type Text = Readonly<Record<Language, string>>;

/** One kind of problem document: the same `type`, `title` and page whoever runs into it. */
export interface ProblemKind {
  readonly status: number;
  readonly title: Text;
  /** What happened. */
  readonly what: Text;
  /** What the reader can do about it. */
  readonly remedy: Text;
  /** Asking again helps, after this long. */
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

const text = ([en, ja]: [string, string]): Text => ({ en, ja });
