import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runToEnd } from './child.mjs';
import { preparedOrExit } from './launch.mjs';
import { root } from './prepare.mjs';
import { projectNode } from './project-node.mjs';

// Long runs of two tests that are short in `npm test`: a writer that is killed repeatedly under
// load, and concurrent histories that are compared with the log's order. Exit codes: 0 no finding,
// 1 a finding, 2 wrong usage, 3 could not run. A run can be repeated with its seed.
const USAGE =
  'npm run torture -- [--kills N] [--histories N] [--seed N]   (default: 200 kills, 2000 histories)';

const asked = read(process.argv.slice(2));
if (typeof asked === 'string') {
  console.error(`${asked}\n${USAGE}`);
  process.exitCode = 2;
} else if (asked.help) {
  console.log(USAGE);
} else {
  await preparedOrExit({ say: console.log }, () => torture(asked));
}

async function torture({ kills, histories, seed }) {
  const rounds = [
    {
      what: `a writer of the log killed ${kills} times (SIGKILL) under load; its acknowledged events compared with the log`,
      spec: join('test', 'fault', 'kill.spec.ts'),
      env: { KILLS: kills, SEED: seed },
    },
    {
      what: `${histories} histories of concurrent orders, withdrawals, associations and lost memberships, with guards and without`,
      spec: join('test', 'contract', 'decision-histories.spec.ts'),
      env: { HISTORIES: histories, HISTORY_SEED: seed },
    },
  ];
  const outcomes = [];
  for (const { what, spec, env } of rounds) {
    console.log(`\n== ${what} (seed ${seed})`);
    const startedAt = Date.now();
    const { exitCode, interruptedBy } = await runSpec(spec, env);
    if (interruptedBy) return exitCode;
    outcomes.push({ what, seconds: Math.round((Date.now() - startedAt) / 1000), exitCode });
  }
  console.log(
    `\nTorture with seed ${seed}. To repeat: npm run torture -- --kills ${kills} --histories ${histories} --seed ${seed}`,
  );
  for (const { what, seconds, exitCode } of outcomes)
    console.log(`  ${exitCode === 0 ? 'passed' : 'FAILED'} ${what}: ${seconds} s`);
  return outcomes.every(({ exitCode }) => exitCode === 0) ? 0 : 1;
}

function runSpec(spec, env) {
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const texts = Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, String(value)]),
  );
  const args = ['--experimental-vm-modules', '--no-warnings', jest, '--runInBand', spec];
  return runToEnd(projectNode(root), args, { cwd: root, env: { ...process.env, ...texts } });
}

/** The options, or the message about a wrong one. */
function read(args) {
  try {
    const number = { type: 'string' };
    const { values } = parseArgs({
      args,
      options: { kills: number, histories: number, seed: number, help: { type: 'boolean' } },
    });
    const asked = { kills: 200, histories: 2_000, seed: Date.now() % 1_000_000 };
    for (const name of Object.keys(asked)) {
      if (values[name] !== undefined) asked[name] = Number(values[name]);
      if (!Number.isSafeInteger(asked[name]) || asked[name] < 1)
        return `--${name} is "${values[name]}"; it must be a whole number from 1.`;
    }
    return { ...asked, help: values.help };
  } catch (error) {
    return error.message;
  }
}
