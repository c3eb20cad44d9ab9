import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runToEnd } from './child.mjs';
import { preparedOrExit } from './launch.mjs';
import { root } from './prepare.mjs';
import { projectNode } from './project-node.mjs';

// Starts a service, sends generated requests to it and checks every answer (test/http). Exit codes:
// 0 no finding, 1 a finding, 2 wrong usage, 3 could not run. It prints its seed, with which a run
// can be repeated; --requests sets the length.
const USAGE = 'npm run fuzz -- [--requests N] [--seed N]   (default: 100000 requests)';

const asked = read(process.argv.slice(2));
if (typeof asked === 'string') {
  console.error(`${asked}\n${USAGE}`);
  process.exitCode = 2;
} else if (asked.help) {
  console.log(USAGE);
} else {
  await preparedOrExit({ say: console.log }, () => fuzz(asked));
}

async function fuzz({ requests, seed }) {
  console.log(
    `Fuzzing with ${requests} requests, seed ${seed}. To repeat: npm run fuzz -- --requests ${requests} --seed ${seed}`,
  );
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const progress = process.stderr.isTTY ? { FUZZ_PROGRESS: '1' } : {};
  const env = {
    ...process.env,
    FUZZ_REQUESTS: String(requests),
    FUZZ_SEED: String(seed),
    ...progress,
  };
  const args = [
    '--experimental-vm-modules',
    '--no-warnings',
    jest,
    '--runInBand',
    join('test', 'http', 'fuzz.spec.ts'),
  ];
  const { exitCode } = await runToEnd(projectNode(root), args, { cwd: root, env });
  return exitCode;
}

/** The options, or the message about a wrong one. */
function read(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        requests: { type: 'string' },
        seed: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
    const requests = Number(values.requests ?? 100_000);
    const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
    if (!Number.isSafeInteger(requests) || requests < 1)
      return `--requests is "${values.requests}"; it must be a whole number from 1.`;
    if (!Number.isSafeInteger(seed) || seed < 0 || seed > 2_000_000_000)
      return `--seed is "${values.seed}"; it must be a whole number from 0 to 2000000000.`;
    return { requests, seed, help: values.help };
  } catch (error) {
    return error.message;
  }
}
