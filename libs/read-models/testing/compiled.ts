import { cp, glob, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformFile } from '@swc/core';

export interface Compiled {
  readonly directory: string;
  /** The compiled module of a source file, for a thread or a process of its own. */
  readonly url: (source: string) => URL;
  readonly dispose: () => Promise<void>;
}

/**
 * The libraries, compiled into a separate directory: a worker thread or a child process cannot
 * run what Jest transforms.
 */
export async function compileLibs(): Promise<Compiled> {
  const root = resolve('.');
  const directory = await mkdtemp(join(tmpdir(), 'sekisho-compiled-'));
  await writeFile(join(directory, 'package.json'), '{ "type": "module" }');
  await symlink(join(root, 'node_modules'), join(directory, 'node_modules'));
  await cp(join(root, 'reference-data'), join(directory, 'reference-data'), { recursive: true });
  for await (const source of glob('libs/**/*.ts', { cwd: root })) {
    if (!source.endsWith('.spec.ts')) await compile(root, directory, source);
  }
  return {
    directory,
    url: (source) => pathToFileURL(join(directory, source.replace(/\.ts$/, '.js'))),
    dispose: () => rm(directory, { recursive: true }),
  };
}

async function compile(root: string, directory: string, source: string): Promise<void> {
  const { code } = await transformFile(join(root, source), {
    configFile: join(root, '.swcrc'),
    sourceMaps: false,
  });
  const target = join(directory, source.replace(/\.ts$/, '.js'));
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, code);
}
