import { describe, expect, it } from '@jest/globals';
import { Metrics } from './metrics.js';

describe('Metrics', () => {
  it('counts and times answers by route and status', async () => {
    const metrics = new Metrics();
    const observe = metrics.route('POST', '/v1/orders');
    observe(201, 2);
    observe(201, 30);
    observe(422, 1);
    const { body, contentType } = await metrics.text();
    expect(contentType).toContain('text/plain');
    expect(body).toContain(
      'sekisho_http_request_seconds_count{method="POST",route="/v1/orders",status="201"} 2',
    );
    expect(body).toContain(
      'sekisho_http_request_seconds_bucket{le="0.0025",method="POST",route="/v1/orders",status="201"} 1',
    );
    expect(body).toContain(
      'sekisho_http_request_seconds_count{method="POST",route="/v1/orders",status="422"} 1',
    );
  });

  it('reads gauges at each scrape and leaves out those that fail', async () => {
    const metrics = new Metrics();
    let lag = 3;
    metrics.gauge('lag', 'Behind', ['projection'], () => [
      { labels: { projection: 'orders' }, value: lag },
    ]);
    metrics.gauge('broken', 'Never there', [], () => {
      throw new Error('away');
    });
    expect((await metrics.text()).body).toContain('lag{projection="orders"} 3');
    lag = 0;
    const { body } = await metrics.text();
    expect(body).toContain('lag{projection="orders"} 0');
    expect(body).not.toMatch(/^broken /m);
  });

  it('counts by labels', async () => {
    const metrics = new Metrics();
    const count = metrics.counter('reports_total', 'Reports', ['kind']);
    count({ kind: 'lease-lost' });
    count({ kind: 'lease-lost' });
    expect((await metrics.text()).body).toContain('reports_total{kind="lease-lost"} 2');
  });

  it('keeps the metrics of two services in one process apart', async () => {
    new Metrics().route('GET', '/a')(200, 1);
    expect((await new Metrics().text()).body).not.toContain('route="/a"');
  });
});
