import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { fuzz } from './fuzz.js';
import { type FuzzTarget, fuzzTarget } from './fuzz-target.js';
import { progressLine } from './progress-line.js';
import { repeats } from '../support/repeats.js';

/** `npm run fuzz` sets both. Every finding is printed with its seed, which repeats the run. */
const REQUESTS = repeats('FUZZ_REQUESTS', { usual: 500, full: 2_400 });
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_122);

describe(`${REQUESTS} requests generated from the OpenAPI document (FUZZ_SEED=${SEED})`, () => {
  let service: Service;
  let target: FuzzTarget;
  beforeAll(async () => {
    // Limits have tests of their own: here each of twelve concurrent requests may be an upload.
    service = await Service.start({ env: { LIMIT_UPLOADS: '12', LIMIT_UPLOADS_IN_ALL: '12' } });
    target = await fuzzTarget(service);
  }, 30_000);
  afterAll(async () => {
    await service.stop();
    service.remove();
  });

  it(
    'get no 5xx, disclose no internals, and are judged as the document says',
    async () => {
      const report = await fuzz({
        ...target,
        requests: REQUESTS,
        seed: SEED,
        onProgress: progressLine(REQUESTS),
      });
      if (process.env['FUZZ_REQUESTS'] !== undefined) console.log(summary(report));
      expect(report.findings.map((finding) => `FUZZ_SEED=${SEED}: ${finding}`)).toEqual([]);
      expect(report).toMatchObject({ sent: REQUESTS, untried: [] });
      // The requests passed authentication and routing: there are answers of every kind.
      expect(Object.keys(report.statuses)).toEqual(
        expect.arrayContaining(['200', '201', '400', '401', '403', '404', '412', '415', '422']),
      );
      // The service logs unexpected errors.
      expect(service.output()).not.toMatch(/unexpected error|"level":(50|60)/);
    },
    60_000 + REQUESTS * 20,
  );
});

const summary = ({ findings, ...report }: Awaited<ReturnType<typeof fuzz>>): string =>
  JSON.stringify({ seed: SEED, ...report, findings: findings.length }, null, 2);
