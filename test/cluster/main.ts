import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contractHolds } from './contract.js';
import { needsServer, type Options, readOptions, type Topology, usage } from './options.js';
import { runTopology } from './run-topology.js';
import { startCluster } from './deployment/cluster-deployment.js';
import { startEmbedded } from './deployment/embedded-deployment.js';
import { postgres } from './deployment/postgres.js';
import type { Deployment } from './deployment/deployment.js';

const EXIT = { success: 0, finding: 1, usage: 2, couldNotRun: 3 };
/** Compiled into dist/test/cluster. */
const root = join(import.meta.dirname, '../../..');

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options === undefined) {
    console.log(usage);
    return EXIT.success;
  }
  if (typeof options === 'string') {
    console.error(`${options}\n\n${usage}`);
    return EXIT.usage;
  }
  const serverCommand = process.env['EVENTSTOREDB_SERVER']?.trim() ?? '';
  const topologies = options.topologies.filter(
    (topology) => !needsServer(topology) || serverCommand !== '',
  );
  if (topologies.length < options.topologies.length)
    console.log('skipped: EVENTSTOREDB_SERVER is not set');
  return topologies.length === 0 ? EXIT.success : run({ ...options, topologies }, serverCommand);
}

async function run(options: Options, serverCommand: string): Promise<number> {
  const folder = new RunFolder();
  // A signal ends this process and every process that it started.
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.once(signal, () => {
      folder.isKept = false;
      process.exit(code);
    });
  }
  say(
    `seed ${options.seed}. To repeat: npm run test:cluster -- --seed ${options.seed} --faults ${options.faults}`,
  );
  let findings = 0;
  for (const topology of options.topologies)
    findings += await one(topology, options, serverCommand, join(folder.path, topology));
  folder.isKept = findings > 0 || options.keep;
  console.log(findings === 0 ? 'No findings.' : `${findings} findings.`);
  return findings === 0 ? EXIT.success : EXIT.finding;
}

/** Data, output and evidence of a run. Removed with it unless it has findings. */
class RunFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'sekisho-cluster-'));
  isKept = true;

  constructor() {
    process.once('exit', () => {
      if (this.isKept) console.log(`Data, output and evidence: ${this.path}`);
      // A process that was just killed may still be writing.
      else rmSync(this.path, { recursive: true, force: true, maxRetries: 10 });
    });
  }
}

async function one(
  topology: Topology,
  options: Options,
  serverCommand: string,
  folder: string,
): Promise<number> {
  say(`${topology}: starting everything`);
  if (topology === 'embedded')
    return judged(await startEmbedded({ options, root, folder }), topology, options, folder);
  const server = await postgres(root, process.env['POSTGRES_URL']);
  let findings = 0;
  try {
    const deployment = await startCluster({
      ...{ topology, serverCommand, options, root, folder, postgres: server },
      onLog: async ({ url }) => {
        if (options.withContract && needsServer(topology) && !(await contractHolds(root, url)))
          findings += 1;
      },
    });
    return findings + (await judged(deployment, topology, options, folder));
  } finally {
    await server.dispose();
  }
}

async function judged(
  deployment: Deployment,
  topology: Topology,
  options: Options,
  folder: string,
): Promise<number> {
  try {
    return await runTopology(deployment, { topology, options, folder, say });
  } finally {
    await deployment.end();
  }
}

const say = (line: string): void =>
  console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);

process.exit(
  await main().catch((error: unknown) => {
    console.error(error);
    return EXIT.couldNotRun;
  }),
);
