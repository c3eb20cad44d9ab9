import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import type { LogLevel } from './configuration.js';

export type { Logger };

/** Writes one JSON line per entry to standard output. Credentials in headers are redacted. */
export function createLogger(
  level: LogLevel,
  destination: DestinationStream = pino.destination({ dest: 1, sync: true }),
): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: [
          'authorization',
          '*.authorization',
          'headers.authorization',
          '*.headers.authorization',
        ],
        censor: '[redacted]',
      },
    },
    destination,
  );
}

/** Nest's own messages in the same log; what it logs at start (modules, routes) has level debug. */
export class NestLog implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.logger.debug({ nest: contextOf(rest) }, text(message));
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error(
      {
        nest: contextOf(rest),
        ...(message instanceof Error ? { err: message } : { stack: rest[0] }),
      },
      text(message),
    );
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn({ nest: contextOf(rest) }, text(message));
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.logger.debug({ nest: contextOf(rest) }, text(message));
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.logger.trace({ nest: contextOf(rest) }, text(message));
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.logger.fatal({ nest: contextOf(rest) }, text(message));
  }
}

const contextOf = (rest: readonly unknown[]): unknown => rest.at(-1);
const text = (message: unknown): string =>
  message instanceof Error ? message.message : String(message);
