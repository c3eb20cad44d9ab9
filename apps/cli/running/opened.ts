import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import {
  openInfrastructure,
  type OpenedInfrastructure,
  type OpenOptions,
} from '../../../libs/application/open-infrastructure.js';
import type { GlobalOptions } from '../commands/command-frame.js';
import { configured } from './configured.js';
import { CouldNotRun } from './exit.js';
import type { Terminal } from './terminal.js';

export interface OpenLog extends GlobalOptions {
  /**
   * A data directory without a log gets one. Only what writes a log's first content may make one.
   */
  readonly mayCreate?: boolean;
  /**
   * This command projects while no other process does: `much` in a worker thread, `little` in this
   * thread.
   */
  readonly mayProject?: 'much' | 'little';
  readonly report?: OpenOptions['report'];
}

/**
 * Opens the data directory beside whoever has it open, does the work, and closes it whatever
 * happens.
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

/** The same with the application, for what sends domain commands. */
export const withApplication = <Value>(
  terminal: Terminal,
  options: OpenLog,
  work: (
    application: INestApplicationContext,
    infrastructure: OpenedInfrastructure,
  ) => Promise<Value>,
): Promise<Value> =>
  withLog(terminal, options, async (infrastructure) => {
    // Nest takes a third of a second to load: commands that only read do without it.
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
  en: 'EVENT_LOG=memory: such a log lives in its service only; this command needs a data directory.',
  ja: 'EVENT_LOG=memory のログはサービスの中にしかありません。このコマンドにはデータディレクトリが必要です。',
};

const noLogIn = (dataDir: string) => ({
  en: `There is no log in ${dataDir}. Name another directory with --data, or make one with "sekisho seed" or "sekisho serve".`,
  ja: `${dataDir} にログがありません。--data で別のディレクトリを指定するか、sekisho seed または sekisho serve で作成してください。`,
});
