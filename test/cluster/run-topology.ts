import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { Random } from '../support/random.js';
import { check } from './check/check.js';
import type { Evidence } from './evidence/evidence.js';
import { serviceEvidence } from './evidence/service-evidence.js';
import { inject } from './faults/inject.js';
import { plan } from './faults/plan.js';
import { servedAgain, type ServedAgain } from './faults/served-again.js';
import { Load } from './load/load.js';
import type { Options, Topology } from './options.js';
import { type Ran, reportText } from './report/text.js';
import type { Deployment } from './deployment/deployment.js';

/** The number of old keys that are sent once more at the end. */
const ASKED_AGAIN = 200;

export interface TopologyPlan {
  readonly topology: Topology;
  readonly options: Options;
  readonly folder: string;
  readonly say: (line: string) => void;
}

/** Runs load and faults on a started deployment, then the checks. Returns the number of findings. */
export async function runTopology(deployment: Deployment, plan: TopologyPlan): Promise<number> {
  const ran = await underLoad(deployment, plan);
  const text = reportText(ran);
  console.log(`\n${text}\n`);
  writeFileSync(join(plan.folder, 'report.txt'), text);
  return ran.verdicts.reduce((sum, one) => sum + one.findings.length, 0);
}

async function underLoad(deployment: Deployment, plan: TopologyPlan): Promise<Ran> {
  const { topology, options, say } = plan;
  const today = new Date().toISOString().slice(0, 10);
  const load = new Load(deployment.apis, { seed: options.seed, run: `r${options.seed}`, today });
  await load.start();
  const beganAtMs = Date.now();
  const again = await faultAfterFault(deployment, load, plan);
  const overAtMs = Date.now();
  say('waiting until every command is settled');
  const failures = await load.stop();
  await load.askAgain(ASKED_AGAIN, options.seed);
  say('reading the log and the read models');
  const evidence = await gather(deployment, load, { today, servedAgain: again, failures });
  writeFileSync(join(plan.folder, 'evidence.json.gz'), gzipSync(JSON.stringify(evidence)));
  say('comparing');
  const processes = `${await deployment.versions()}; ${deployment.log.nodes.length} node(s), ${deployment.apis.length} API processes, ${deployment.projectors.length} projectors`;
  const nodeRestarts = deployment.log.nodes.reduce((sum, { restarts }) => sum + restarts, 0);
  return {
    topology,
    seed: options.seed,
    processes,
    nodeRestarts,
    evidence,
    ledger: load.ledger,
    verdicts: check(evidence),
    beganAtMs,
    overAtMs,
  };
}

async function faultAfterFault(
  deployment: Deployment,
  load: Load,
  { topology, options, say }: TopologyPlan,
): Promise<readonly ServedAgain[]> {
  const again: ServedAgain[] = [];
  const deadline = Date.now() + options.minutes * 60_000;
  const faults = plan(topology, options.faults, new Random(options.seed), {
    canCrashPostgres: deployment.crashPostgres !== undefined,
  });
  for (const [number, fault] of faults.entries()) {
    if (Date.now() > deadline) break;
    await delay(fault.calmMs);
    const done = await inject(deployment, fault);
    const served = await servedAgain(deployment, load.ledger, done);
    again.push(served);
    const times = Object.entries(served.afterMs).map(
      ([name, ms]) => `${name} ${ms === undefined ? 'NEVER' : `${ms} ms`}`,
    );
    const what = `${done.kind} (${done.hit.join(', ')}) ${done.overAtMs - done.beganAtMs} ms`;
    say(
      `${number + 1}/${faults.length} ${what}; serves again: ${times.join(', ')}; ${load.ledger.histories} histories`,
    );
  }
  await delay(2_000);
  return again;
}

async function gather(
  deployment: Deployment,
  { ledger }: Load,
  rest: Pick<Evidence, 'today' | 'servedAgain' | 'failures'>,
): Promise<Evidence> {
  const log = await deployment.readLog();
  const services = [];
  for (const [place, api] of deployment.apis.entries())
    services.push(await serviceEvidence(api, place % 2 === 0 ? 'pages' : 'stream'));
  const index = await deployment.readIndex(log.length);
  const unexpectedEnds = deployment.unexpectedEnds();
  return {
    ...rest,
    asked: ledger.asked,
    reads: ledger.reads,
    log,
    services,
    ...(index ? { index } : {}),
    unexpectedEnds,
  };
}
