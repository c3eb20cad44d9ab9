import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runToEnd } from './child.mjs';
import { preparedOrExit } from './launch.mjs';
import { root } from './prepare.mjs';
import { projectNode } from './project-node.mjs';

// Sends generated requests to a service of its own and judges every answer (test/http). Exit codes:
// 0 nothing found, 1 a finding, 2 wrong usage, 3 could not run. A run is repeated by its seed,
// which is printed; --requests shortens or lengthens it.
const USAGE = 'npm run fuzz -- [--requests N] [--seed N]   (100000 requests unless told otherwise)';

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
    `Fuzzing with ${requests} requests, seed ${seed}. Again: npm run fuzz -- --requests ${requests} --seed ${seed}`,
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

/** What was asked for, or what is wrong with it. */
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
      return `--requests is "${values.requests}"; it is a whole number from 1.`;
    if (!Number.isSafeInteger(seed) || seed < 0 || seed > 2_000_000_000)
      return `--seed is "${values.seed}"; it is a whole number from 0 to 2000000000.`;
    return { requests, seed, help: values.help };
  } catch (error) {
    return error.message;
  }
}
