import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { isatty } from 'node:tty';

const FORWARDED = { SIGINT: 'SIGINT', SIGTERM: 'SIGTERM', SIGHUP: 'SIGTERM' };
/** The service ends within 5 s of a signal. A program that is still running now is stuck. */
const LAST_RESORT_MS = 8_000;
/** npm ignores SIGTERM while it unpacks. */
const STEP_LAST_RESORT_MS = 2_000;

/** A signal ended this process's child; this process must end, too. */
export class Interrupted extends Error {
  constructor(exitCode) {
    super('interrupted');
    this.exitCode = exitCode;
  }
}

/**
 * Runs a program to its end and returns its exit code. Signals to this process are passed on to the
 * program. The program also ends if the npm that started this process dies, because npm's shell
 * does not pass signals on.
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
      // Without a terminal, SIGHUP is not a hang-up: the service reads its key file again.
      if (signal === 'SIGHUP' && passesHangup && !isatty(0) && !isatty(1))
        return void child.kill(signal);
      interruptedBy = signal;
      child.kill(FORWARDED[signal]);
      lastResort = setTimeout(() => {
        console.error(`The program did not end within ${lastResortMs / 1000} s. It is killed.`);
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
 * Runs a step of a preparation. A signal interrupts the whole preparation; the step may be killed
 * early, because the next run repeats it.
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
