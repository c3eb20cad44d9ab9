import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { HttpLimits } from '../../apps/api/http/limits/http-limits.js';
import { serviceProblems } from '../../apps/api/http/problems/service.problems.js';
import { registerKeyFileMetric } from '../../apps/api/authentication.js';
import { registerOperationMetrics } from '../../apps/api/operation-metrics.js';
import { operationReporter } from '../../apps/api/operation-reports.js';
import { usualLimits } from '../../libs/platform/limit-settings.js';
import { createLogger } from '../../libs/platform/logging.js';
import { Metrics } from '../../libs/platform/metrics.js';
import { securityEventKinds, SecurityEvents } from '../../libs/platform/security-events.js';
import { type ReadModels } from '../../libs/read-models/read-models.js';
import { composeOf, composeText, mountsOf } from './compose-file.js';
import { metricsIn, seriesOf } from './prometheus-names.js';
import { root } from './tracked-files.js';

const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const { services } = composeOf(composeText());
const page = textOf('docs/operating.md');

/** Every metric series that an API process and a projector register. */
async function exposed(): Promise<ReadonlySet<string>> {
  const metrics = new Metrics({ process: true });
  const readModels: Pick<ReadModels, 'projections'> = { projections: () => Promise.resolve([]) };
  // The metrics read nothing else of the read models.
  registerOperationMetrics(metrics, readModels as ReadModels, () => 0);
  operationReporter(createLogger('silent'), metrics);
  new HttpLimits(usualLimits, metrics).close();
  new SecurityEvents(createLogger('silent'), metrics);
  registerKeyFileMetric(metrics, { isUsable: true });
  const registered = await metrics.registry.getMetricsAsJSON();
  return new Set([
    'up',
    ...registered.map(({ name, type }) => ({ name, type: String(type) })).flatMap(seriesOf),
  ]);
}

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string };
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly targets?: readonly {
    readonly expr: string;
    readonly datasource: { readonly uid: string };
  }[];
}

// The tools' own checks cover the form of these files.
const alerts = (
  parse(textOf('deploy/prometheus/alerts.yml')) as { groups: { rules: Alert[] }[] }
).groups.flatMap(({ rules }) => rules);
const dashboards = readdirSync(join(root, 'deploy/grafana/dashboards')).map(
  (file) =>
    JSON.parse(textOf(`deploy/grafana/dashboards/${file}`)) as {
      title: string;
      panels: Panel[];
      annotations: { list: { expr: string }[] };
    },
);
const panels = dashboards.flatMap((dashboard) => dashboard.panels);
const targets = panels.flatMap(({ targets = [] }) => targets);
const expressions = [
  ...alerts.map(({ expr }) => expr),
  ...targets.map(({ expr }) => expr),
  ...dashboards.flatMap(({ annotations }) => annotations.list.map(({ expr }) => expr)),
];

describe('the alerts and dashboards', () => {
  it('use only metrics that the service has', async () => {
    const has = await exposed();
    expect(expressions.length).toBeGreaterThan(30);
    expect([...new Set(expressions.flatMap(metricsIn))].filter((name) => !has.has(name))).toEqual(
      [],
    );
  });

  it('show the important metrics on one page', () => {
    const shown = new Set(targets.flatMap(({ expr }) => metricsIn(expr)));
    for (const name of [
      'sekisho_http_request_seconds_bucket',
      'sekisho_projection_lag_events',
      'sekisho_projection_stopped',
      'sekisho_log_position',
      'sekisho_reports_total',
      'sekisho_security_events_total',
      'sekisho_nodejs_eventloop_lag_p99_seconds',
      'sekisho_process_resident_memory_bytes',
    ])
      expect([name, shown.has(name)]).toEqual([name, true]);
  });

  it('have every panel once, without overlaps', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const [index, { gridPos: one, title }] of panels.entries())
      for (const { gridPos: other, title: otherTitle } of panels.slice(index + 1)) {
        const apart =
          one.x + one.w <= other.x ||
          other.x + other.w <= one.x ||
          one.y + one.h <= other.y ||
          other.y + other.h <= one.y;
        expect([title, otherTitle, apart]).toEqual([title, otherTitle, true]);
      }
  });

  it('have a documented action for every alert', () => {
    expect(
      alerts.filter(({ alert }) => !page.includes(`\`${alert}\``)).map(({ alert }) => alert),
    ).toEqual([]);
    expect(alerts.filter(({ annotations }) => annotations.summary === '')).toEqual([]);
  });

  it('have alerts for attacks and mistakes with credentials', () => {
    const watched = (pattern: RegExp): boolean => alerts.some(({ expr }) => pattern.test(expr));
    for (const kind of [
      'unauthorized',
      'forbidden',
      'too-many-requests',
      'credentials-unverifiable',
    ])
      expect([
        kind,
        watched(new RegExp(`sekisho_security_events_total\\{kind=~?"[^"]*${kind}`)),
      ]).toEqual([kind, true]);
    expect(watched(/sekisho_key_file_usable == 0/)).toBe(true);
    const documented = textOf('docs/configuration.md');
    expect(securityEventKinds.filter((kind) => !documented.includes(`| \`${kind}\` |`))).toEqual(
      [],
    );
  });

  it('come with an explanation of each 503', () => {
    const away = Object.entries(serviceProblems).flatMap(([code, { status }]) =>
      status === 503 ? [code] : [],
    );
    expect(away.length).toBeGreaterThan(5);
    expect(away.filter((code) => !page.includes(`| \`/problems/${code}\` |`))).toEqual([]);
  });
});

describe('Prometheus and Grafana', () => {
  const prometheus = parse(textOf('deploy/prometheus/prometheus.yml')) as {
    scrape_configs: {
      job_name: string;
      authorization: { credentials_file: string };
      dns_sd_configs: { names: string[]; port: number }[];
    }[];
  };

  it('scrape the ports where the processes serve metrics', () => {
    for (const { dns_sd_configs } of prometheus.scrape_configs)
      for (const { names, port } of dns_sd_configs)
        for (const name of names)
          expect([name, services[name]?.ports?.[0]?.split(':').at(-1)]).toEqual([
            name,
            String(port),
          ]);
    expect(
      prometheus.scrape_configs
        .flatMap(({ dns_sd_configs }) => dns_sd_configs.flatMap(({ names }) => names))
        .sort(),
    ).toEqual(
      Object.keys(services)
        .filter((name) => /^(api|projector)/.test(name))
        .sort(),
    );
  });

  it('use the key that the job creates for them', () => {
    const [made] = mountsOf(services['keys']!).filter(({ source }) => source === 'metrics-key');
    const [read] = mountsOf(services['prometheus']!).filter(
      ({ source }) => source === 'metrics-key',
    );
    const file = services['keys']?.command?.[2]?.replace(`${made?.target}/`, `${read?.target}/`);
    expect(
      new Set(prometheus.scrape_configs.map(({ authorization }) => authorization.credentials_file)),
    ).toEqual(new Set([file]));
  });

  it('agree on the data source and on the folder of the dashboards', () => {
    const [source] = (
      parse(textOf('deploy/grafana/provisioning/datasources/prometheus.yml')) as {
        datasources: { uid: string; url: string }[];
      }
    ).datasources;
    expect(source?.url).toBe('http://prometheus:9090');
    expect(new Set(targets.map(({ datasource }) => datasource.uid))).toEqual(
      new Set([source?.uid]),
    );
    const [provider] = (
      parse(textOf('deploy/grafana/provisioning/dashboards/sekisho.yml')) as {
        providers: { options: { path: string } }[];
      }
    ).providers;
    const mounted = mountsOf(services['grafana']!).find(
      ({ source: from }) => from === 'deploy/grafana/dashboards',
    );
    expect(mounted?.target).toBe(provider?.options.path);
  });
});

describe('the metric names in an expression', () => {
  it.each([
    ['sum by (job) (rate(a_total{b="c", d=~"e.+"}[5m])) > 0', ['a_total']],
    ['max by (log) (a) - on (log) group_right () b > 1000', ['a', 'b']],
    [
      'histogram_quantile(0.99, sum by (log, le) (rate(a_bucket[$__rate_interval]))) > 1e9',
      ['a_bucket'],
    ],
    ['a unless a offset 15m or absent(up{job="x"} == 1)', ['a', 'up']],
    ['topk(8, deriv(a:b[2m]))', ['a:b']],
  ])('are found: %s', (expression, names) => {
    expect(metricsIn(expression)).toEqual(names);
  });
});
