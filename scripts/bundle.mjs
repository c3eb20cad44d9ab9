// Builds the program: the command line and its worker threads, with the libraries that they use, in
// a few files that load in half the time of 2,300 modules. `node scripts/bundle.mjs <entry> …`
import { isBuiltin } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));

/** These packages read their own files, and only some configurations load them. */
const notBundled = [
  /^@eventstore\/db-client/,
  /^@grpc\//,
  /^pg$/,
  /^swagger-ui-dist/,
  /^(pdfkit|fontkit)$/,
];
/** Optional dependencies of libraries; they are not installed. */
const notInstalled = [
  /^@as-integrations\//,
  /^@fastify\/(multipart|static|view)$/,
  /^@nestjs\/(microservices|platform-express|websockets)/,
  /^pg-native$/,
];

/**
 * If an ES module imports one of these, Node evaluates all its getters, some of which load large
 * modules that are seldom needed (undici for `http.WebSocket`). So only plain members are exported.
 */
const plainBuiltins = {
  name: 'plain-builtins',
  resolveId: (id, _importer, { kind }) =>
    kind === 'import-statement' && /^(node:)?(crypto|http)$/.test(id)
      ? `\0${id.replace('node:', '')}`
      : undefined,
  load(id) {
    if (!id.startsWith('\0') || !isBuiltin(id.slice(1))) return undefined;
    const name = `node:${id.slice(1)}`;
    const members = Object.entries(
      Object.getOwnPropertyDescriptors(process.getBuiltinModule(name)),
    ).filter(([, { value }]) => value !== undefined);
    return `const all = process.getBuiltinModule('${name}');
      export default all;
      export const { ${members.map(([member]) => member).join(', ')} } = all;`;
  },
};

const bundle = await rolldown({
  cwd: root,
  input: Object.fromEntries(process.argv.slice(2).map((entry) => [basename(entry, '.ts'), entry])),
  platform: 'node',
  external: [...notBundled, ...notInstalled],
  // Node's resolution. Sources import each other by the names of the compiled files.
  resolve: {
    mainFields: ['main'],
    conditionNames: ['node', 'import', 'default'],
    extensionAlias: { '.js': ['.ts', '.js'] },
  },
  tsconfig: join(root, 'tsconfig.json'),
  plugins: [plainBuiltins],
  treeshake: false,
  onLog(level, log) {
    if (level === 'warn') throw new Error(log.message);
  },
});
await bundle.write({
  dir: join(root, 'dist', 'sekisho'),
  format: 'esm',
  // One folder, so that a worker's file is beside `import.meta.url` in every file.
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  sourcemap: true,
  // Stack traces need only line numbers, and Node reads every map at its start.
  sourcemapExcludeSources: true,
  // Some libraries have import cycles: modules must be evaluated in Node's order.
  strictExecutionOrder: true,
  // Dependency injection, errors and metrics read the names of classes.
  keepNames: true,
  minify: false,
});
