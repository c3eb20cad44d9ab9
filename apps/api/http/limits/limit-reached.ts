import type { ProblemDetails } from '../problems/problem.js';
import type { ProblemText } from '../problems/problem-kind.js';

export type LimitName =
  | 'requests-in-flight'
  | 'requests-per-second'
  | 'live-streams'
  | 'uploads'
  | 'uploads-in-all'
  | 'refused-orders-per-minute'
  | 'unauthorized-per-minute'
  /**
   * A limit that is reached before there is a request: a connection above the maximum is closed.
   */
  | 'connections';

/** A limit that a request exceeds. */
export interface LimitReached {
  readonly limit: Exclude<LimitName, 'connections'>;
  readonly most: number;
  readonly retryAfterSeconds: number;
}

const texts: Readonly<Record<LimitReached['limit'], (most: string) => ProblemText>> = {
  'requests-in-flight': (most) => ({
    en: `This caller has ${most} requests in progress, which is the maximum at a time.`,
    ja: `この呼び出し元では ${most} 件のリクエストを処理中で、同時実行数の上限に達しています。`,
  }),
  'requests-per-second': (most) => ({
    en: `This caller has sent ${most} requests within a second, which is the maximum.`,
    ja: `この呼び出し元からのリクエストが、1 秒あたりの上限（${most} 件）に達しています。`,
  }),
  'live-streams': (most) => ({
    en: `This credential has ${most} event streams open, which is the maximum at a time.`,
    ja: `この認証情報で開いているイベントストリームが、同時接続数の上限（${most} 本）に達しています。`,
  }),
  uploads: (most) => ({
    en: `This credential has ${most} uploads in progress, which is the maximum at a time.`,
    ja: `この認証情報で実行中のアップロードが、同時実行数の上限（${most} 件）に達しています。`,
  }),
  'uploads-in-all': (most) => ({
    en: `All callers together have ${most} uploads in progress, which is the maximum at a time.`,
    ja: `実行中のアップロードが、サービス全体の同時実行数の上限（${most} 件）に達しています。`,
  }),
  'refused-orders-per-minute': (most) => ({
    en: `This credential has ${most} orders that were refused within a minute or are still in progress, which is the maximum. This order was not judged.`,
    ja: `この認証情報の注文拒否（処理中の注文を含む）が、1 分あたりの上限（${most} 件）に達しています。この注文は判定していません。`,
  }),
  'unauthorized-per-minute': (most) => ({
    en: `This address has sent ${most} requests without a valid credential within a minute, which is the maximum. Requests with a valid credential are still answered.`,
    ja: `このアドレスからの有効な認証情報のないリクエストが、1 分あたりの上限（${most} 件）に達しています。有効な認証情報を付けたリクエストには応答します。`,
  }),
};

export const limitProblem = ({ limit, most, retryAfterSeconds }: LimitReached): ProblemDetails => ({
  detail: texts[limit](String(most)),
  extensions: { limit, most },
  headers: { 'retry-after': String(retryAfterSeconds) },
});
