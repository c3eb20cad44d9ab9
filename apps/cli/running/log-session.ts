import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import {
  openInfrastructure,
  type OpenedInfrastructure,
  type InfrastructureOptions,
} from '../../../libs/application/open-infrastructure.js';
import type { GlobalOptions } from './command-configuration.js';
import { configured } from './command-configuration.js';
import { CouldNotRun } from './exit.js';
import type { Terminal } from './terminal.js';

export interface OpenLog extends GlobalOptions {
  /**
   * Creates the log if the data directory has none.
   */
  readonly mayCreate?: boolean;
  /**
   * This command updates the read models while no other process does: `much` in a worker thread,
   * `little` in this thread.
   */
  readonly mayProject?: 'much' | 'little';
  readonly report?: InfrastructureOptions['report'];
}

/**
 * Opens the data directory, which other processes may also have open, does the work, and always
 * closes it.
 */
export async function withLog<Value>(
  terminal: Terminal,
  { mayCreate = false, mayProject, report = () => undefined, ...options }: OpenLog,
  work: (infrastructure: OpenedInfrastructure) => Promise<Value>,
): Promise<Value> {
  const configuration = configured(options);
  if (configuration.eventLog.kind === 'memory') throw new CouldNotRun(terminal.text(inMemory));
  const inDirectory = configuration.eventLog.kind === 'sqlite';
  if (inDirectory && !mayCreate && !existsSync(join(configuration.dataDir, 'log.db')))
    throw new CouldNotRun(terminal.text(noLogIn(configuration.dataDir)));

  const infrastructure = await openInfrastructure(configuration, {
    role: roles[mayProject ?? 'nothing'],
    report,
    mayCreate,
  });
  try {
    return await work(infrastructure);
  } finally {
    await infrastructure.close();
  }
}

/** The same with the application, for work that gives commands. */
export const withApplication = <Value>(
  terminal: Terminal,
  options: OpenLog,
  work: (
    application: INestApplicationContext,
    infrastructure: OpenedInfrastructure,
  ) => Promise<Value>,
): Promise<Value> =>
  withLog(terminal, options, async (infrastructure) => {
    // Nest takes a third of a second to load, so commands that only read do not load it.
    const [{ NestFactory }, { ApplicationModule }] = await Promise.all([
      import('@nestjs/core'),
      import('../../../libs/application/application.module.js'),
    ]);
    const module = ApplicationModule.on(infrastructure);
    const application = await NestFactory.createApplicationContext(module, {
      logger: false,
      abortOnError: false,
    });
    try {
      return await work(application, infrastructure);
    } finally {
      await application.close();
    }
  });

const roles = { much: 'service', little: 'projecting-command', nothing: 'short-command' } as const;

const inMemory = {
  en: 'EVENT_LOG=memory keeps the log inside the service. This command needs a data directory: set EVENT_LOG to sqlite or eventstoredb.',
  ja: 'EVENT_LOG=memory のログはサービスの中にしかありません。このコマンドにはデータディレクトリが必要です。EVENT_LOG に sqlite または eventstoredb を指定してください。',
};

const noLogIn = (dataDir: string) => ({
  en: `There is no log in ${dataDir}. Name another directory with --data, or create one with "sekisho seed" or "sekisho serve".`,
  ja: `${dataDir} にログがありません。--data で別のディレクトリを指定するか、sekisho seed または sekisho serve で作成してください。`,
});
