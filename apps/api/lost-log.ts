import type { Metrics } from '../../libs/platform/metrics.js';
import { endedWithin } from '../../libs/platform/time/within.js';
import type { operationReporter } from './operation-reports.js';

type Reporter = ReturnType<typeof operationReporter>;

/**
 * Prometheus reads every 15 s (`deploy/prometheus/prometheus.yml`). A longer wait would only delay
 * the restart.
 */
const READ_WITHIN_MS = 16_000;

/**
 * Ends the process when the log went back in time. The process is never ready again, because every
 * call to the log fails. It ends when its metrics, which show the loss, have been read, or a little
 * later if nothing reads them.
 */
export class LostLog {
  private readonly end = Promise.withResolvers<string>();
  private lost = false;

  constructor(
    private readonly metrics: Pick<Metrics, 'nextRead'>,
    private readonly readWithinMs = READ_WITHIN_MS,
  ) {}

  get isReached(): boolean {
    return this.lost;
  }

  get reached(): Promise<string> {
    return this.end.promise;
  }

  /** Passes every report on, and detects the loss of the log. */
  watching(report: Reporter): Reporter {
    return (one) => {
      report(one);
      if (one.kind === 'log-went-back') void this.reach(one.reason);
    };
  }

  private async reach(reason: string): Promise<void> {
    if (this.lost) return;
    this.lost = true;
    await endedWithin(this.readWithinMs, this.metrics.nextRead(), { ref: false });
    this.end.resolve(reason);
  }
}
