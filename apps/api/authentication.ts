import {
  type Authentication,
  openAuthentication,
} from '../../libs/platform/authentication/authenticator.js';
import type {
  KeyFileReport,
  WatchedKeyFile,
} from '../../libs/platform/authentication/watched-key-file.js';
import type { Configuration } from '../../libs/platform/configuration.js';
import type { Metrics } from '../../libs/platform/metrics.js';

export interface AuthenticationOptions {
  readonly announce: (line: string) => void;
  readonly report: (report: KeyFileReport) => void;
  readonly metrics: Metrics;
}

/** Opens the authenticator, and registers the metric that shows whether the key file is in use. */
export function authenticationOf(
  configuration: Configuration,
  { announce, report, metrics }: AuthenticationOptions,
): Authentication {
  const authentication = openAuthentication({ ...configuration, announce, report });
  registerKeyFileMetric(metrics, authentication.keyFile);
  return authentication;
}

export function registerKeyFileMetric(
  metrics: Metrics,
  keyFile: Pick<WatchedKeyFile, 'isUsable'> | undefined,
): void {
  const help =
    '1: the keys of the key file are in use; 0: the file cannot be used, and the earlier keys are in use';
  metrics.gauge('sekisho_key_file_usable', help, [], () =>
    keyFile ? [{ value: keyFile.isUsable ? 1 : 0 }] : [],
  );
}
