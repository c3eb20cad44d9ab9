import type { LogsDiffer } from './copy-log.js';

/** The messages of the migration. */
export const texts = {
  looking: { en: 'Comparing the target with the source', ja: '移行先の内容を照合中' },
  copying: { en: 'Copying events', ja: 'イベントをコピー中' },
  claiming: { en: 'Writing claims', ja: 'キーの記録を作成中' },
  comparing: { en: 'Comparing both logs', ja: '両端を照合中' },
  noLogIn: (dataDir: string) => ({
    en: `There is no log in ${dataDir}. Name the directory with --data.`,
    ja: `${dataDir} にログがありません。--data でディレクトリを指定してください。`,
  }),
  noLog: {
    en: 'The log does not begin with LogCreated: it has never been started, and there is nothing to migrate.',
    ja: 'ログが LogCreated で始まっていません。一度も起動されておらず、移行するものがありません。',
  },
  alreadyThere: {
    en: 'This log has been migrated already. Start the service with EVENT_LOG=eventstoredb.',
    ja: 'このログは移行済みです。EVENT_LOG=eventstoredb でサービスを起動してください。',
  },
  neverWhole: {
    en: 'The source kept growing while it was copied. Stop the service that writes to it, and run the same command again: it continues from here.',
    ja: 'コピー中に移行元が増え続けました。書き込んでいるサービスを止めて、同じコマンドを実行してください。続きから始まります。',
  },
  differs: ({ position, here, there }: LogsDiffer) => ({
    en: `At position ${position} the source has ${here ?? 'nothing'} and the target ${there}. The target is not a copy of this log: nothing was opened. Name another EVENTSTOREDB_PREFIX and migrate again.`,
    ja: `位置 ${position} の内容が違います (移行元 ${here ?? 'なし'}、移行先 ${there})。移行先はこのログのコピーではないため、開いていません。別の EVENTSTOREDB_PREFIX を指定してやり直してください。`,
  }),
  done: (events: string, sha256: string, keys: number | undefined) => ({
    en: `Migrated ${events} events; both logs are the same (sha256 ${sha256}). ${keys === undefined ? 'The keys stay in keys.db: keep it, or migrate with KEY_STORE=postgres for several processes.' : `${keys} keys are in PostgreSQL. keys.db still has them as well: delete it once the service runs.`} Start the service with EVENT_LOG=eventstoredb, and no longer with the old log.`,
    ja: `${events} 件のイベントを移行しました。両端は一致しています (sha256 ${sha256})。${keys === undefined ? '鍵は keys.db に残っています。複数プロセスで使うには KEY_STORE=postgres で移行してください。' : `${keys} 個の鍵を PostgreSQL に移しました。keys.db にも残っているので、サービスの稼働を確認したら削除してください。`} 以後は EVENT_LOG=eventstoredb で起動し、元のログでは起動しないでください。`,
  }),
} as const;
