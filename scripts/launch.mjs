import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Interrupted, runToEnd } from './child.mjs';
import { prepare, program, root, StepFailed } from './prepare.mjs';
import { NoNode, projectNode } from './project-node.mjs';

/** The command line's exit code for "could not run". */
const COULD_NOT_RUN = 3;

/** Prepares the project, calls `run`, and ends this process with the exit code of `run`. */
export async function preparedOrExit({ say, sayNothingToDo = true }, run) {
  try {
    const { didNothing } = await prepare({ say });
    if (didNothing && sayNothingToDo) say('Already installed and built.');
    process.exitCode = await run();
  } catch (error) {
    process.exitCode = error instanceof Interrupted ? error.exitCode : COULD_NOT_RUN;
    if (error instanceof Interrupted) return;
    // The messages of these two explain the problem; for other errors the stack is needed.
    console.error(error instanceof StepFailed || error instanceof NoNode ? error.message : error);
  }
}

/**
 * Runs `sekisho <args>` on the project's Node. If this process is killed, it ends, too
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
