import type { Logger } from './logging.js';
import type { Metrics } from './metrics.js';

/**
 * Events for security monitoring. The metric counts every event; the log shows a bounded number.
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
  /** The caller's address. */
  readonly peer: string;
  readonly method: string;
  /** The route as declared, with `:name` for parameters: no ids and no query. */
  readonly route: string;
  readonly correlationId: string;
  readonly status?: number;
  readonly command?: string;
  readonly outcome?: 'done' | 'refused' | 'failed' | 'client-left';
  readonly reason?: string;
}

const WINDOW_MS = 60_000;
/**
 * Log lines per minute of one kind, key, peer, route and status. Operators' commands have a higher
 * limit.
 */
const linesAtMost = (kind: SecurityEventKind): number => (kind === 'operator-command' ? 60 : 10);
/** Log lines per minute of one kind, from all sources. */
const LINES_OF_KIND_AT_MOST = 600;
/** Bounds on the sources that are counted apart in a minute, and on the keys in its summary. */
const SOURCES_AT_MOST = 2_000;
const SUMMARIES_AT_MOST = 200;
const news: ReadonlySet<SecurityEventKind> = new Set<SecurityEventKind>([
  'first-use',
  'operator-command',
]);

/**
 * Counts and logs security events. The first events of a source in a minute are logged one by one,
 * the others as a count when the minute ends.
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
      'Security events by kind, including those that the log only counts',
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

  /** Ends the minute: logs how many events were not shown in it. */
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
