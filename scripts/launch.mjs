import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Interrupted, runToEnd } from './child.mjs';
import { prepare, program, root, StepFailed } from './prepare.mjs';
import { NoNode, projectNode } from './project-node.mjs';

/** Could not run, as the command line's exit codes have it. */
const COULD_NOT_RUN = 3;

/** Prepares, then runs what `run` runs, and ends this process with its exit code. */
export async function preparedOrExit({ say, sayNothingToDo = true }, run) {
  try {
    const { didNothing } = await prepare({ say });
    if (didNothing && sayNothingToDo) say('Installed and built already.');
    process.exitCode = await run();
  } catch (error) {
    process.exitCode = error instanceof Interrupted ? error.exitCode : COULD_NOT_RUN;
    if (error instanceof Interrupted) return;
    // The other two explain themselves; of anything else the stack is what there is to go by.
    console.error(error instanceof StepFailed || error instanceof NoNode ? error.message : error);
  }
}

/**
 * Runs `sekisho <args>` on the project's Node. It ends when this process is killed
 * (`end-with-launcher.mjs`).
 */
export async function sekisho(args, { cwd = process.cwd() } = {}) {
  const watch = pathToFileURL(join(root, 'scripts', 'end-with-launcher.mjs')).href;
  const env = {
    NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'sekisho-compile'),
    ...process.env,
  };
  const nodeArgs = ['--enable-source-maps', '--import', watch, program, ...args];
  const passesHangup = args.some((argument) => argument === 'serve' || argument === 'projector');
  const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
  const { exitCode } = await runToEnd(projectNode(root), nodeArgs, {
    cwd,
    env,
    stdio,
    passesHangup,
  });
  return exitCode;
}
