import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** A metric's value for these labels. */
export interface Reading {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * The metrics that Prometheus reads at /metrics. Each service has its own registry, so two services
 * in one process (tests) do not share counts.
 */
export class Metrics {
  readonly registry = new Registry();
  private readonly awaitingRead: (() => void)[] = [];
  private readonly requests = new Histogram({
    name: 'sekisho_http_request_seconds',
    help: 'Requests answered, by route and status, with the time each took',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [this.registry],
  });

  constructor(options: { readonly process?: boolean } = {}) {
    if (options.process) collectDefaultMetrics({ register: this.registry, prefix: 'sekisho_' });
  }

  /** Returns the observer of one route. Each series is looked up once, not on every request. */
  route(method: string, route: string): (status: number, ms: number) => void {
    const series = new Map<number, { observe(seconds: number): void }>();
    return (status, ms) => {
      let observer = series.get(status);
      if (!observer)
        series.set(status, (observer = this.requests.labels(method, route, String(status))));
      observer.observe(ms / 1000);
    };
  }

  /** A gauge that is read at each scrape. If reading a gauge fails, that scrape omits it. */
  gauge(
    name: string,
    help: string,
    labelNames: readonly string[],
    read: () => Promise<readonly Reading[]> | readonly Reading[],
  ): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
      collect: async () => {
        const readings = await Promise.resolve()
          .then(read)
          .catch(() => []);
        gauge.reset();
        // `reset` sets a gauge without labels to 0, a value that was never read.
        if (labelNames.length === 0) gauge.remove();
        for (const { labels = {}, value } of readings) gauge.set(labels, value);
      },
    });
  }

  /**
   * Returns a function that counts by labels. The series in `from` begin at 0, so that Prometheus
   * sees their first count as an increase.
   */
  counter(
    name: string,
    help: string,
    labelNames: readonly string[],
    from: readonly Readonly<Record<string, string>>[] = [],
  ): (labels: Readonly<Record<string, string>>) => void {
    const counter = new Counter({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
    });
    for (const labels of from) counter.inc(labels, 0);
    return (labels) => counter.inc(labels);
  }

  async text(): Promise<{ readonly contentType: string; readonly body: string }> {
    const body = await this.registry.metrics();
    for (const read of this.awaitingRead.splice(0)) read();
    return { contentType: this.registry.contentType, body };
  }

  /** Resolves at the next scrape. */
  nextRead(): Promise<void> {
    return new Promise((resolve) => this.awaitingRead.push(resolve));
  }
}
