import { type Command, Option } from 'commander';
import type { CommandFrame } from './command-frame.js';
import type { MigrateOptions } from '../migrate/migrate.js';

export const migrateCommand = (frame: CommandFrame): Command =>
  frame
    .command(
      'migrate',
      {
        en: 'Copy the log of the data directory to the EventStoreDB of EVENTSTOREDB_URL, with the same order, ids, times and positions, and (with KEY_STORE=postgres) its keys to POSTGRES_URL. Stop the service first. Both logs are compared before the copy can be used. After an interruption, run the same command again: it continues.',
        ja: 'データディレクトリのログを EVENTSTOREDB_URL の EventStoreDB に、順序・ID・時刻・位置を保ってコピーする。KEY_STORE=postgres なら鍵も POSTGRES_URL に移す。先にサービスを止めること。両方のログを照合してから、コピーを使えるようにする。途中で止まっても、同じコマンドで続きから再開できる。',
      },
      ['npx sekisho migrate --from sqlite --to eventstoredb'],
    )
    .addOption(
      new Option('--from <log>', frame.text({ en: 'the store to copy from', ja: '移行元' }))
        .choices(['sqlite'])
        .default('sqlite'),
    )
    .addOption(
      new Option('--to <log>', frame.text({ en: 'the store to copy to', ja: '移行先' }))
        .choices(['eventstoredb'])
        .makeOptionMandatory(),
    )
    .action(
      frame.running<MigrateOptions>(async (terminal, options) => {
        const { migrate } = await import('../migrate/migrate.js');
        return migrate(terminal, options);
      }),
    );
