import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { root } from './tracked-files.js';

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
  readonly to: string;
}

const config = join(root, '.dependency-cruiser.cjs');
const rulesOf = (path: string) =>
  (
    createRequire(import.meta.url)(path) as {
      readonly forbidden: readonly { readonly name: string }[];
    }
  ).forbidden.map(({ name }) => name);

/** The violations of a rule set in these folders. */
function cruise(cwd: string, folders: readonly string[]): readonly Violation[] {
  const depcruise = join(
    root,
    'node_modules',
    'dependency-cruiser',
    'bin',
    'dependency-cruiser.mjs',
  );
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [depcruise, '--config', config, '--output-type', 'json', ...folders],
    {
      cwd,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
    },
  );
  if (stdout === '') throw new Error(stderr);
  const { summary } = JSON.parse(stdout) as {
    readonly summary: { readonly violations: readonly Violation[] };
  };
  return summary.violations;
}

describe('the layer rules', () => {
  it('are checked on every file of apps, libs and test by a step of .ci/run', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    expect(readFileSync(join(root, '.ci/run'), 'utf8')).toMatch(
      /^check .* npm run --silent layers$/m,
    );
    expect(scripts['layers']).toBe(
      'depcruise --config .dependency-cruiser.cjs apps libs test && node scripts/folder-cycles.mjs',
    );
  });
});

/** One violation of each rule. A rule that is added to the configuration needs one here. */
const offenders: Readonly<Record<string, readonly [path: string, source: string]>> = {
  'domain-is-pure': ['libs/domain/clock.ts', "import 'node:fs';"],
  'log-knows-the-domain-only': [
    'libs/event-log/upwards.ts',
    "import '../application/place-order.js';",
  ],
  'read-models-below-application': [
    'libs/read-models/upwards.ts',
    "import '../application/place-order.js';",
  ],
  'event-log-folders-above-root': ['libs/event-log/downwards.ts', "import './sqlite/file.js';"],
  'read-models-folders-above-root': [
    'libs/read-models/downwards.ts',
    "import './postgres/rows.js';",
  ],
  'platform-is-general': ['libs/platform/program.ts', "import '../domain/order.js';"],
  'application-below-apps': ['libs/application/upwards.ts', "import '../../apps/api/main.js';"],
  'engine-knows-no-domain': ['libs/application/engine/voids.ts', "import '../../domain/order.js';"],
  'sqlite-in-its-folders': ['apps/api/rows.ts', "import 'node:sqlite';"],
  'eventstoredb-in-its-folder': ['libs/application/raw-log.ts', "import '@eventstore/db-client';"],
  'postgres-in-its-folder': ['libs/read-models/postgres/pool.ts', "import 'pg';"],
  'no-http-below-apps': ['libs/application/answer.ts', "import 'node:http';"],
  'no-circular': [
    'apps/api/circle-a.ts',
    "import { b } from './circle-b.js';\nexport const a = () => b;",
  ],
  'not-to-spec': ['apps/api/borrowed.ts', "import './borrowed.spec.js';"],
};
const surroundings: Readonly<Record<string, string>> = {
  'libs/application/place-order.ts': 'export {};',
  'libs/domain/order.ts': 'export {};',
  'libs/event-log/sqlite/file.ts': 'export {};',
  'libs/read-models/postgres/rows.ts': 'export {};',
  'apps/api/main.ts': 'export {};',
  'apps/api/circle-b.ts': "import { a } from './circle-a.js';\nexport const b = () => a;",
  'apps/api/borrowed.spec.ts': 'export {};',
  'package.json': '{ "type": "module" }',
};

describe('a tree that breaks every layer rule', () => {
  const offending = mkdtempSync(join(tmpdir(), 'sekisho-layers-'));
  let violations: readonly Violation[] = [];

  beforeAll(() => {
    for (const [path, source] of [...Object.values(offenders), ...Object.entries(surroundings)]) {
      mkdirSync(dirname(join(offending, path)), { recursive: true });
      writeFileSync(join(offending, path), source);
    }
    copyFileSync(join(root, 'tsconfig.json'), join(offending, 'tsconfig.json'));
    violations = cruise(offending, ['apps', 'libs']);
  }, 60_000);
  afterAll(() => rmSync(offending, { recursive: true }));

  it.each(rulesOf(config))('is caught by %s', (name) => {
    expect(violations.filter(({ rule }) => rule.name === name).map(({ from }) => from)).toContain(
      offenders[name]?.[0],
    );
  });
});

/** Runs the check of folder cycles on a tree of these files. Returns the cycles that it reports. */
function folderCycles(sources: Readonly<Record<string, string>>): readonly string[] {
  const tree = mkdtempSync(join(tmpdir(), 'sekisho-folders-'));
  for (const [path, source] of Object.entries(sources)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), source);
  }
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(root, 'scripts', 'folder-cycles.mjs'), 'libs'],
    { cwd: tree, encoding: 'utf8' },
  );
  rmSync(tree, { recursive: true });
  const cycles = [...stderr.matchAll(/^import cycle: (.*)$/gm)].map(([, folders = '']) => folders);
  expect(status).toBe(cycles.length > 0 ? 1 : 0);
  return cycles;
}

describe('the check of folder cycles', () => {
  const key = "import type { Name } from '../files/name.js';\nexport type Key = Name;";

  it('accepts folders that import in one direction', () => {
    expect(
      folderCycles({
        'libs/keys/key.ts': key,
        'libs/files/name.ts': 'export type Name = string;',
        'libs/files/name.spec.ts': "import '../keys/key.js';",
      }),
    ).toEqual([]);
  });

  it('rejects two folders that import types of each other', () => {
    expect(
      folderCycles({
        'libs/keys/key.ts': key,
        'libs/files/name.ts': 'export type Name = string;',
        'libs/files/path.ts': "import type { Key } from '../keys/key.js';\nexport type Path = Key;",
      }),
    ).toContain('libs/files, libs/keys');
  });

  it('rejects a folder that imports a subfolder whose files import the folder', () => {
    expect(
      folderCycles({
        'libs/files/list.ts': "export { name } from './names/name.js';",
        'libs/files/names/name.ts': "export { text as name } from '../text.js';",
        'libs/files/text.ts': "export const text = 'a';",
      }),
    ).toEqual(['libs/files, libs/files/names']);
  });

  it('rejects two folders that import each other by different subfolders', () => {
    expect(
      folderCycles({
        'libs/a/one/x.ts': "export { y } from '../../b/one/y.js';",
        'libs/a/two/x.ts': 'export const x = 1;',
        'libs/b/one/y.ts': 'export const y = 1;',
        'libs/b/two/y.ts': "export { x } from '../../a/two/x.js';",
      }),
    ).toEqual(['libs/a, libs/b']);
  });
});
