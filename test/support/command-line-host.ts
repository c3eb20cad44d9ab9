import { resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';

/**
 * The process in which a test file runs its commands (`command-line.ts`). Node runs this file
 * directly, with its types stripped.
 */
export interface HostedCommand {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly input: string;
}

export type HostedAnswer =
  | { readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly failure: string };

/** The same as in `apps/cli/main.ts`. */
process.umask(0o077);

const programUrl = pathToFileURL(resolve(import.meta.dirname, '../../dist/sekisho/program.js'));
const { main } = (await import(programUrl.href)) as {
  main: (args: readonly string[]) => Promise<number>;
};

function capture(name: 'stdout' | 'stderr'): () => string {
  const stream = new PassThrough();
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  Object.defineProperty(process, name, { value: stream, configurable: true });
  return () => text;
}

async function run({ args, env, input }: HostedCommand): Promise<HostedAnswer> {
  for (const name of Object.keys(process.env))
    if (!(name in env)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, env);
  const stdin = new PassThrough();
  Object.defineProperty(process, 'stdin', { value: stdin, configurable: true });
  stdin.end(input);
  const [stdout, stderr] = [capture('stdout'), capture('stderr')];
  const code = await main(args);
  // A stream delivers its last write in a later turn of the event loop.
  await new Promise((done) => setImmediate(done));
  return { code, stdout: stdout(), stderr: stderr() };
}

process.on('message', (command: HostedCommand) => {
  void run(command).then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.({ failure: String(error) }),
  );
});
process.once('disconnect', () => process.exit());
