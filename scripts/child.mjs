import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { isatty } from 'node:tty';

const FORWARDED = { SIGINT: 'SIGINT', SIGTERM: 'SIGTERM', SIGHUP: 'SIGTERM' };
/** The service promises to end within 5 s; whatever has not ended by then never will. */
const LAST_RESORT_MS = 8_000;
/** npm does not heed SIGTERM while it unpacks. */
const STEP_LAST_RESORT_MS = 2_000;

/** This process was told to end, and its child has ended. */
export class Interrupted extends Error {
  constructor(exitCode) {
    super('interrupted');
    this.exitCode = exitCode;
  }
}

/**
 * Runs a program to its end and gives its exit code. A signal to this process goes on to the
 * program; so does the death of the npm that started this process, because npm's shell dies of a
 * signal without handing it on.
 */
export function runToEnd(
  command,
  args,
  { onStarted = () => {}, lastResortMs = LAST_RESORT_MS, passesHangup = false, ...options } = {},
) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    let interruptedBy;
    let lastResort;

    const stop = (signal) => {
      if (interruptedBy) return;
      // Without a terminal nothing has hung up: a service reads its key file again.
      if (signal === 'SIGHUP' && passesHangup && !isatty(0) && !isatty(1))
        return void child.kill(signal);
      interruptedBy = signal;
      child.kill(FORWARDED[signal]);
      lastResort = setTimeout(() => {
        console.error(`It has not ended within ${lastResortMs / 1000} s and is ended by force.`);
        child.kill('SIGKILL');
      }, lastResortMs);
    };
    for (const signal of Object.keys(FORWARDED)) process.on(signal, stop);
    const stopWatchingNpm = onOrphaned(() => stop('SIGTERM'));

    const settle = (finish) => {
      clearTimeout(lastResort);
      stopWatchingNpm();
      for (const signal of Object.keys(FORWARDED)) process.off(signal, stop);
      finish();
    };
    child.once('error', (error) => settle(() => reject(error)));
    child.once('close', (code, signal) =>
      settle(() => resolve({ exitCode: code ?? 128 + constants.signals[signal], interruptedBy })),
    );
    if (child.pid) onStarted(child.pid);
  });
}

/**
 * A step on the way to something else: an interruption ends the way. It may be cut short, since it
 * will be repeated.
 */
export async function runStep(command, args, options) {
  const { exitCode, interruptedBy } = await runToEnd(command, args, {
    lastResortMs: STEP_LAST_RESORT_MS,
    ...options,
  });
  if (interruptedBy) throw new Interrupted(128 + constants.signals[interruptedBy]);
  return exitCode;
}

function onOrphaned(act) {
  if (!process.env.npm_lifecycle_event) return () => {};
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) act();
  }, 200);
  return () => clearInterval(timer);
}
