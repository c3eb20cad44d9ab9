// Compiles the TypeScript files of the given folders into dist, file by file, and copies all other
// files: `node scripts/compile.mjs <folder> …`. bundle.mjs builds the program itself.
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFile } from '@swc/core';

const root = fileURLToPath(new URL('..', import.meta.url));
const configFile = join(root, '.swcrc');
const leftOut = /\.spec\.ts$|\.d\.ts$|(^|\/)(testing|peers)\//;

const files = process.argv
  .slice(2)
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/')),
  )
  .filter((file) => !leftOut.test(file));
await Promise.all(files.map((file) => (file.endsWith('.ts') ? compile(file) : copy(file))));

async function compile(file) {
  const target = place(file.replace(/\.ts$/, '.js'));
  const { code, map } = await transformFile(join(root, file), { configFile, sourceMaps: true });
  writeFileSync(
    target,
    `${code}\n//# sourceMappingURL=${target.slice(dirname(target).length + 1)}.map\n`,
  );
  writeFileSync(`${target}.map`, map);
}

function copy(file) {
  copyFileSync(join(root, file), place(file));
}

function place(file) {
  const target = join(root, 'dist', file);
  mkdirSync(dirname(target), { recursive: true });
  return target;
}
