import { transformFile } from '@swc/core';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const OPTIONS = {
  swcrc: false,
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    keepClassNames: true,
  },
  module: { type: 'es6' },
} as const;

/**
 * Compiles a TypeScript file and its imports from this repository into a separate folder, for a
 * child process. Does not use `dist`, so that the test works on a fresh clone with the current
 * sources.
 */
export async function compileScript(
  entry: string,
): Promise<{ readonly script: string; readonly folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-child-'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');

  const compile = async (source: string): Promise<string> => {
    const target = join(folder, relative(ROOT, source).replace(/\.ts$/, '.js'));
    const { code } = await transformFile(source, OPTIONS);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, code);
    return target;
  };
  for (const source of withImports(resolve(ROOT, entry))) await compile(source);
  return { script: join(folder, entry.replace(/\.ts$/, '.js')), folder };
}

function withImports(entry: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(entry)) return found;
  found.add(entry);
  for (const [, path] of readFileSync(entry, 'utf8').matchAll(/from '(\.[^']+)\.js'/g))
    withImports(resolve(dirname(entry), `${path}.ts`), found);
  return found;
}
