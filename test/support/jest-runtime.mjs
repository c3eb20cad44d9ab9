import { sep } from 'node:path';
import { Script } from 'node:vm';
import JestRuntime from 'jest-runtime';

/**
 * Jest's runtime, which compiles each CommonJS module of node_modules once in a worker instead of
 * once in each suite. Jest loads its own modules in every suite, and compiling them was two thirds
 * of what a small suite costs. Every suite still evaluates them in a context of its own.
 */
const inNodeModules = (file) => file.includes(`${sep}node_modules${sep}`);
const dynamicImport = /\bimport\s*\(/;
const texts = new Map();
const scripts = new Map();

class Runtime extends JestRuntime {
  constructor(...args) {
    super(...args);
    const { executor, fileCache } = this;

    const readFile = fileCache.readFile.bind(fileCache);
    fileCache.readFile = (file) =>
      inNodeModules(file) ? kept(texts, file, () => readFile(file)) : readFile(file);

    const compile = executor.compile.bind(executor);
    executor.compile = (text, file) => {
      const context = this._environment.getVmContext();
      if (context === null || !inNodeModules(file)) return compile(text, file);
      const script = kept(scripts, file, () =>
        scriptOf(text, file, executor.injectedModuleParameters),
      );
      return script?.runInContext(context) ?? compile(text, file);
    };
  }
}

/** Undefined if Jest must compile the module: its errors, and imports that belong to one suite. */
function scriptOf(text, filename, parameters) {
  if (dynamicImport.test(text)) return undefined;
  const head = `(function (${parameters.join(', ')}) {`;
  try {
    return new Script(`${head}${text}\n})`, { filename, columnOffset: -head.length });
  } catch {
    return undefined;
  }
}

function kept(map, key, make) {
  if (!map.has(key)) map.set(key, make());
  return map.get(key);
}

// Jest loads this file with `require`.
export { Runtime as 'module.exports' };
