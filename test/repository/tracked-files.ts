import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

export interface SourceFile {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Every file of the project: tracked, or new and not ignored. */
export function projectFiles(): readonly SourceFile[] {
  const git = [
    '-c',
    'safe.directory=*',
    'ls-files',
    '--cached',
    '--others',
    '--exclude-standard',
    '-z',
  ];
  const paths = execFileSync('git', git, { cwd: root, encoding: 'utf8' }).split('\0');
  return [...new Set(paths)]
    .filter((path) => path !== '' && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

export const isCode = ({ path }: SourceFile): boolean => /\.(ts|mjs|cjs)$/.test(path);
export const isTest = ({ path }: SourceFile): boolean =>
  path.startsWith('test/') || path.endsWith('.spec.ts') || path.includes('/testing/');
export const lineCount = ({ text }: SourceFile): number =>
  text.replace(/\n$/, '').split('\n').length;
