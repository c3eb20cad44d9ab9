// Finds import cycles between folders; imports of types count. Two orders are checked:
// - folders by the files directly in them, so that a file may not import a subfolder whose files
//   import its own folder;
// - the subfolders of each folder, each with everything in it.
//
// Usage: node scripts/folder-cycles.mjs [folder …] (default: apps libs)
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)\.js'/g;

/** Specs and the `testing` folders that they share may import every folder of their area. */
const isChecked = (file) =>
  file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.includes('/testing/');

/** All imports between files of different folders. */
function importsIn(roots) {
  const files = roots.flatMap((root) =>
    readdirSync(root, { recursive: true }).map((name) => join(root, name)),
  );
  return files.filter(isChecked).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(IMPORT)]
      .map(([, specifier]) => normalize(join(dirname(file), `${specifier}.ts`)))
      .filter((target) => dirname(target) !== dirname(file))
      .map((target) => ({ file, target })),
  );
}

/** The graph of folders, each edge with one import as an example. */
function graphOf(imports, folderOf) {
  const graph = new Map();
  for (const { file, target } of imports) {
    const [from, to] = [folderOf(file), folderOf(target)];
    if (from === undefined || to === undefined || from === to) continue;
    const edges = graph.get(from) ?? graph.set(from, new Map()).get(from);
    if (!edges.has(to)) edges.set(to, `${file} → ${target}`);
  }
  return graph;
}

/** Sets of folders that import each other: strongly connected components, by Tarjan's algorithm. */
function cyclesOf(graph) {
  const index = new Map();
  const low = new Map();
  const stack = [];
  const cycles = [];
  const visit = (folder) => {
    index.set(folder, index.size);
    low.set(folder, index.get(folder));
    stack.push(folder);
    for (const next of graph.get(folder)?.keys() ?? []) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(folder, Math.min(low.get(folder), low.get(next)));
    }
    if (low.get(folder) !== index.get(folder)) return;
    const component = stack.splice(stack.indexOf(folder));
    if (component.length > 1) cycles.push(component.sort());
  };
  for (const folder of graph.keys()) if (!index.has(folder)) visit(folder);
  return cycles;
}

/** The subfolder of `parent` that a file is in. */
const subfolder = (parent) => (file) => {
  const below = file.startsWith(`${parent}/`) ? file.slice(parent.length + 1).split('/') : [];
  return below.length > 1 ? `${parent}/${below[0]}` : undefined;
};

function ancestorsOf(file) {
  const folder = dirname(file);
  return folder === '.' ? [] : [folder, ...ancestorsOf(folder)];
}

const roots = process.argv.length > 2 ? process.argv.slice(2) : ['apps', 'libs'];
const imports = importsIn(roots);
const parents = new Set(imports.flatMap(({ file }) => ancestorsOf(file)));
const orders = [dirname, ...[...parents].map(subfolder)];
for (const folderOf of orders) {
  const graph = graphOf(imports, folderOf);
  for (const cycle of cyclesOf(graph)) {
    process.exitCode = 1;
    console.error(`import cycle: ${cycle.join(', ')}`);
    const edges = cycle.flatMap((from) => cycle.map((to) => graph.get(from)?.get(to)));
    for (const example of edges) if (example) console.error(`  ${example}`);
  }
}
if (!process.exitCode) console.log('✔ no import cycles between folders');
