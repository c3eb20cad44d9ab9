import { join } from 'node:path';
import { runToEnd } from './child.mjs';
import { preparedOrExit } from './launch.mjs';
import { root } from './prepare.mjs';
import { projectNode } from './project-node.mjs';

// Runs in full number the tests that `npm test` repeats less often: kills, concurrent histories,
// generated requests, long files (test/support/repeats.ts).
const SPECS = [
  'test/contract/event-log.spec',
  'test/contract/eventstoredb-log.spec',
  'test/double/semantics.spec',
  'test/fault/kill.spec',
  'test/fault/service-kill.spec',
  'test/contract/decision-histories.spec',
  'test/contract/decision-interleavings.spec',
  'test/contract/revenue.spec',
  'libs/application/qualification/agreement.properties.spec',
  'libs/domain/qualification/tenure.spec',
  'libs/event-log/catalogue/decisions.spec',
  'apps/api/http/validation/same-verdict.spec',
  'test/http/fuzz.spec',
  'test/scenario/races.spec',
  'test/scenario/reading.spec',
  'test/scenario/revenue.spec',
  'test/scenario/reports.spec',
];

await preparedOrExit({ say: console.log }, async () => {
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const args = [
    '--experimental-vm-modules',
    '--no-warnings',
    jest,
    ...SPECS,
    ...process.argv.slice(2),
  ];
  const env = { ...process.env, SEKISHO_TESTS: 'full' };
  return (await runToEnd(projectNode(root), args, { cwd: root, env })).exitCode;
});
