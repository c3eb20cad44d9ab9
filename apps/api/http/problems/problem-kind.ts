import type { Language } from '../../../../libs/domain/gate/reason-texts.js';

export type Text = Readonly<Record<Language, string>>;

/** A kind of problem document: its status, title and page. */
export interface ProblemKind {
  readonly status: number;
  readonly title: Text;
  /** What happened. */
  readonly what: Text;
  /** What to do about it. */
  readonly remedy: Text;
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

const text = ([en, ja]: [string, string]): Text => ({ en, ja });
