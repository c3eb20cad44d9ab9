import { sep } from 'node:path';
import { Script } from 'node:vm';
import JestRuntime from 'jest-runtime';

/**
 * Jest's runtime, which does once in a worker what Jest repeats in each suite: finding the file of
 * an import, transforming it, and compiling the CommonJS modules of node_modules. Jest loads its
 * own modules in every suite, and compiling them was two thirds of what a small suite costs. Every
 * suite still evaluates all modules in a context of its own.
 */
const inNodeModules = (file) => file.includes(`${sep}node_modules${sep}`);
const dynamicImport = /\bimport\s*\(/;
const resolved = { cjs: new Map(), esm: new Map() };
const texts = new Map();
const transforms = new Map();
const scripts = new Map();

class Runtime extends JestRuntime {
  constructor(...args) {
    super(...args);
    const { executor, fileCache, _resolution: resolution, transformCache } = this;

    resolution.cjsCache = resolved.cjs;
    resolution.esmCache = resolved.esm;
    resolution.clear = () => resolution.manualMockCache.clear();

    const readFile = fileCache.readFile.bind(fileCache);
    fileCache.readFile = (file) =>
      inNodeModules(file) ? kept(texts, file, () => readFile(file)) : readFile(file);

    const transformer = transformCache.scriptTransformer;
    const transform = transformer.transform.bind(transformer);
    transformer.transform = (file, options, text) => {
      const key = `${options.supportsStaticESM} ${file}`;
      const known = transforms.get(key);
      if (known?.text === text) return known.transformed;
      const transformed = transform(file, options, text);
      transforms.set(key, { text, transformed });
      return transformed;
    };

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
