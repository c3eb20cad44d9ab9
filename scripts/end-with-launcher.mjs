import { isMainThread } from 'node:worker_threads';

const LAST_RESORT_MS = 8_000;

// Loaded before the program (`--import`). The channel to the launcher closes when the launcher
// dies, even of SIGKILL, which it could not hand on: the program is then asked to end as by
// SIGTERM. The channel alone keeps no program running.
if (isMainThread && process.channel) {
  process.once('disconnect', () => {
    setTimeout(() => process.exit(143), LAST_RESORT_MS).unref();
    process.kill(process.pid, 'SIGTERM');
  });
  process.channel.unref();
}
