import type { Logger } from './logging.js';
import type { Metrics } from './metrics.js';

/**
 * What somebody who watches over the service wants to know. The metric counts each one, the log
 * shows as many as it can bear.
 */
export const securityEventKinds = [
  'unauthorized',
  'forbidden',
  'too-many-requests',
  'credentials-unverifiable',
  'credentials-ended',
  'first-use',
  'operator-command',
] as const;
export type SecurityEventKind = (typeof securityEventKinds)[number];

export interface SecurityEvent {
  readonly kind: SecurityEventKind;
  /** The principal's id, or `unknown`. */
  readonly key: string;
  /** The address of the one who called. */
  readonly peer: string;
  readonly method: string;
  /** As declared, with `:name` for parameters: never ids and never the query. */
  readonly route: string;
  readonly correlationId: string;
  readonly status?: number;
  readonly command?: string;
  readonly outcome?: 'done' | 'refused' | 'failed' | 'client-left';
  readonly reason?: string;
}

const WINDOW_MS = 60_000;
/**
 * Lines of one kind from one key and peer on one route with one status, in a minute. Each command
 * of an operator counts.
 */
const linesAtMost = (kind: SecurityEventKind): number => (kind === 'operator-command' ? 60 : 10);
/** Lines of one kind in a minute, whoever causes them. */
const LINES_OF_KIND_AT_MOST = 600;
/** So many different sources are told apart in a minute; so many keys in its summary. */
const SOURCES_AT_MOST = 2_000;
const SUMMARIES_AT_MOST = 200;
const news: ReadonlySet<SecurityEventKind> = new Set<SecurityEventKind>([
  'first-use',
  'operator-command',
]);

/**
 * Counts security events and logs them: the first ones of each source and minute one by one, the
 * rest as a number when the minute ends.
 */
export class SecurityEvents {
  private readonly count: (labels: { readonly kind: SecurityEventKind }) => void;
  private readonly lines = new Map<SecurityEventKind, number>();
  private readonly sources = new Map<string, number>();
  private readonly left = new Map<
    string,
    { readonly kind: SecurityEventKind; readonly key: string; count: number }
  >();
  private startedAtMs = -Infinity;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly logger: Logger,
    metrics: Metrics,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    const name = 'sekisho_security_events_total';
    const each = securityEventKinds.map((kind) => ({ kind }));
    this.count = metrics.counter(
      name,
      'Security events, by kind: each one, also those that the log sums up',
      ['kind'],
      each,
    );
  }

  report(event: SecurityEvent): void {
    const { kind, key } = event;
    this.count({ kind });
    if (this.nowMs() - this.startedAtMs >= WINDOW_MS) this.flush();
    this.timer ??= this.begin();
    if (this.mayShow(event)) this.logger[news.has(kind) ? 'info' : 'warn'](event, 'security event');
    else this.leaveOut(kind, key);
  }

  /** Ends the minute: says what was left out of the log in it. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const { kind, key, count } of this.left.values())
      this.logger[news.has(kind) ? 'info' : 'warn'](
        { kind, key, notShown: count, seconds: WINDOW_MS / 1000 },
        'security events not shown',
      );
    this.left.clear();
    this.sources.clear();
    this.lines.clear();
  }

  private begin(): NodeJS.Timeout {
    this.startedAtMs = this.nowMs();
    return setTimeout(() => this.flush(), WINDOW_MS).unref();
  }

  private mayShow({ kind, key, peer, method, route, status }: SecurityEvent): boolean {
    const source = [kind, key, peer, method, route, status].join('\n');
    const before = this.sources.get(source);
    if (before === undefined && this.sources.size >= SOURCES_AT_MOST) return false;
    this.sources.set(source, (before ?? 0) + 1);
    const ofKind = this.lines.get(kind) ?? 0;
    if ((before ?? 0) >= linesAtMost(kind) || ofKind >= LINES_OF_KIND_AT_MOST) return false;
    this.lines.set(kind, ofKind + 1);
    return true;
  }

  private leaveOut(kind: SecurityEventKind, of: string): void {
    const known = this.left.has(`${kind}\n${of}`) || this.left.size < SUMMARIES_AT_MOST;
    const key = known ? of : 'others';
    const sum = this.left.get(`${kind}\n${key}`);
    if (sum) sum.count++;
    else this.left.set(`${kind}\n${key}`, { kind, key, count: 1 });
  }
}
