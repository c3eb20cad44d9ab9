import { ApplicationModule } from '../../libs/application/application.module.js';
import { LogHead } from '../../libs/application/engine/commands/log-head.js';
import { openInfrastructure } from '../../libs/application/open-infrastructure.js';
import { ErasureRetries } from '../../libs/application/personal-data/erasure-retries.js';
import { release } from '../../libs/application/reference-data/project-root.js';
import { ServiceProcesses } from '../../libs/application/service-processes.js';
import type { Configuration } from '../../libs/platform/configuration.js';
import { createLogger } from '../../libs/platform/logging.js';
import { Metrics } from '../../libs/platform/metrics.js';
import { ApiModule } from './api.module.js';
import { authenticationOf } from './authentication.js';
import { createHttp } from './http/bootstrap.js';
import { LostLog } from './lost-log.js';
import { registerOperationMetrics } from './operation-metrics.js';
import { operationReporter } from './operation-reports.js';

export interface RunningService {
  /** The address that the service listens on. */
  readonly url: string;
  /** Accepts no new requests, finishes those in progress, and closes the log. */
  close(): Promise<void>;
  /** Reads the key file again. */
  reload(): Promise<void>;
  /**
   * Resolves with the reason when the log went back in time and the process must end. Its metrics
   * can be read before.
   */
  readonly mustEnd: Promise<string>;
}

export interface StartOptions {
  /** Reports to the operator what the start has chosen, such as the key file and the address. */
  readonly announce?: (line: string) => void;
}

/**
 * Starts the service: opens the log and the read models, finishes interrupted work, then listens.
 */
export async function startService(
  configuration: Configuration,
  { announce = () => undefined }: StartOptions = {},
): Promise<RunningService> {
  const logger = createLogger(configuration.logLevel);
  const metrics = new Metrics({ process: true });
  const ending = new LostLog(metrics);
  const report = ending.watching(operationReporter(logger, metrics));
  const infrastructure = await openInfrastructure(configuration, { role: 'service', report });
  try {
    const { authenticator, keyFile } = authenticationOf(configuration, {
      announce,
      report,
      metrics,
    });
    const http = await createHttp(ApiModule.on(ApplicationModule.on(infrastructure)), {
      authenticator,
      logger,
      metrics,
      version: release(),
      logIsLost: () => ending.isReached,
      publicUrl: configuration.publicUrl,
      limits: configuration.limits,
      proxies: configuration.proxies,
      logPosition: () => head.position,
    });
    const head = http.app.get(LogHead, { strict: false });
    registerOperationMetrics(metrics, infrastructure.readModels, () => head.position);
    await http.app.get(ErasureRetries, { strict: false }).start();
    await http.app.get(ServiceProcesses, { strict: false }).start();
    const url = await http.listen(configuration.host, configuration.port);
    announce(`Listening on ${url} (data: ${configuration.dataDir}; documentation: ${url}/docs)`);
    let closing: Promise<void> | undefined;
    // May be called twice: a terminal sends the signal to every process of the group, and the
    // launcher passes it on too.
    return {
      url,
      close: () => (closing ??= http.close().then(() => infrastructure.close())),
      reload: async () => keyFile?.look(),
      mustEnd: ending.reached,
    };
  } catch (error) {
    await infrastructure.close();
    throw error;
  }
}
