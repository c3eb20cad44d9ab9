import { openInfrastructure } from '../../libs/application/open-infrastructure.js';
import { release } from '../../libs/application/reference-data/project-root.js';
import type { Configuration } from '../../libs/platform/configuration.js';
import { createLogger } from '../../libs/platform/logging.js';
import { Metrics } from '../../libs/platform/metrics.js';
import { authenticationOf } from '../api/authentication.js';
import { createHttp } from '../api/http/bootstrap.js';
import { LostLog } from '../api/lost-log.js';
import { registerOperationMetrics } from '../api/operation-metrics.js';
import { operationReporter } from '../api/operation-reports.js';
import type { RunningService, StartOptions } from '../api/service.js';
import { ProjectorModule } from './projector.module.js';

/**
 * Follows the log and updates the read models. Of several projectors one works and the others wait.
 * A projector that has lost the lease cannot write any more. It serves health and metrics, and
 * accepts no commands.
 */
export async function startProjector(
  configuration: Configuration,
  { announce = () => undefined }: StartOptions = {},
): Promise<RunningService> {
  const logger = createLogger(configuration.logLevel);
  const metrics = new Metrics({ process: true });
  const ending = new LostLog(metrics);
  const report = ending.watching(operationReporter(logger, metrics));
  const infrastructure = await openInfrastructure(configuration, { role: 'projector', report });
  const { log, readModels } = infrastructure;
  try {
    registerOperationMetrics(metrics, readModels, () => log.head());
    const { authenticator, keyFile } = authenticationOf(configuration, {
      announce,
      report,
      metrics,
    });
    const http = await createHttp(ProjectorModule.on(infrastructure), {
      authenticator,
      logger,
      metrics,
      version: release(),
      logIsLost: () => ending.isReached,
      limits: configuration.limits,
      proxies: configuration.proxies,
    });
    const url = await http.listen(configuration.host, configuration.projectorPort);
    announce(`Projecting; health and metrics on ${url}`);
    let closing: Promise<void> | undefined;
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
