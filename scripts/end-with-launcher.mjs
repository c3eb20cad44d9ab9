import { isMainThread } from 'node:worker_threads';

const LAST_RESORT_MS = 8_000;

// Loaded before the program (`--import`). When the launcher dies, even by SIGKILL, its channel to
// this process closes. The program then ends as after SIGTERM. The channel does not keep the
// program running.
if (isMainThread && process.channel) {
  process.once('disconnect', () => {
    setTimeout(() => process.exit(143), LAST_RESORT_MS).unref();
    process.kill(process.pid, 'SIGTERM');
  });
  process.channel.unref();
}
