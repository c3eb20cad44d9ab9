import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** What Prometheus reads at /metrics. One registry a service, so that two in one process (tests) do not share their counts. */
export class Metrics {
  readonly registry = new Registry();
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

  /** The observer of one route. Its series are looked up once, not on every request. */
  route(method: string, route: string): (status: number, ms: number) => void {
    const series = new Map<number, { observe(seconds: number): void }>();
    return (status, ms) => {
      let observer = series.get(status);
      if (!observer) series.set(status, (observer = this.requests.labels(method, route, String(status))));
      observer.observe(ms / 1000);
    };
  }

  async text(): Promise<{ readonly contentType: string; readonly body: string }> {
    return { contentType: this.registry.contentType, body: await this.registry.metrics() };
  }
}
