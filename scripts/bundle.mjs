// Builds the program: the command line and its worker threads, with the libraries that they use, in
// a few files that load in half the time of 2,300 modules. `node scripts/bundle.mjs <entry> …`
import { isBuiltin } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));

/** They read files of their own packages, and are loaded only by configurations that use them. */
const notBundled = [/^@eventstore\/db-client/, /^@grpc\//, /^pg$/, /^swagger-ui-dist/];
/** Libraries offer to use them; they are not installed. */
const notInstalled = [
  /^@as-integrations\//,
  /^@fastify\/(multipart|static|view)$/,
  /^@nestjs\/(microservices|platform-express|websockets)/,
  /^pg-native$/,
];

/**
 * An ES module that imports one of these makes Node read every member of it, and some load much
 * that is seldom needed (undici for `http.WebSocket`): only plain members are exported.
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
  // As Node finds modules. Sources import each other by the names of what is compiled.
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
  // All in one folder, so that `import.meta.url` is a worker's neighbour in every file.
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  sourcemap: true,
  // Traces need lines only, and Node reads every map at its start.
  sourcemapExcludeSources: true,
  // The libraries import each other in circles: modules run in the order in which Node runs them.
  strictExecutionOrder: true,
  // Names of classes are read (dependency injection, errors, metrics).
  keepNames: true,
  minify: false,
});
