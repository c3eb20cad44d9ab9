import { type Configuration, readConfiguration } from '../../../libs/platform/configuration.js';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly data?: string;
}

/**
 * The configuration of the environment, where the command's options take precedence. Throws
 * ConfigurationError.
 */
export const configured = ({
  data,
  host,
  port,
  projectorPort,
}: GlobalOptions & {
  readonly host?: string;
  readonly port?: string;
  readonly projectorPort?: string;
}): Configuration =>
  readConfiguration({
    ...process.env,
    ...(data === undefined ? {} : { DATA_DIR: data }),
    ...(host === undefined ? {} : { HOST: host }),
    ...(port === undefined ? {} : { PORT: port }),
    ...(projectorPort === undefined ? {} : { PROJECTOR_PORT: projectorPort }),
  });
