import { kind, retried } from './problem-kind.js';

/** Faults of the service; the request may be fine. */
export const serviceProblems = {
  'internal-error': kind(
    500,
    ['The service has an internal error', 'サービス内部でエラーが発生しました'],
    [
      'The request failed because of a fault in the service. The fault is logged under the correlation id.',
      'サービス側の不具合により、要求を処理できませんでした。不具合は相関 ID とともに記録されています。',
    ],
    [
      'Send the same request again, with the same Idempotency-Key; if it fails again, report the correlation id to the operator.',
      '同じ Idempotency-Key で再送してください。再び失敗する場合は、相関 ID を運用担当者に伝えてください。',
    ],
  ),
  'read-model-behind': retried(
    kind(
      503,
      ['The lists are not up to date yet', '一覧の更新が追いついていません'],
      [
        'The read model did not reach the requested position within five seconds.',
        '読み取りモデルが、5 秒以内に指定の位置まで更新されませんでした。',
      ],
      ['Send the same request again.', '同じ要求を送り直してください。'],
    ),
    1,
  ),
  'projection-stopped': retried(
    kind(
      503,
      ['This list has stopped', 'この一覧は停止しています'],
      [
        'A projection stopped at an event that it cannot process. Orders are not affected.',
        '処理できないイベントがあったため、読み取りモデルの更新を停止しました。注文の受付には影響しません。',
      ],
      [
        'The operator finds the event and the reason with GET /v1/projections.',
        '運用担当者は GET /v1/projections でイベントと理由を確認してください。',
      ],
    ),
    60,
  ),
  'read-models-unavailable': retried(
    kind(
      503,
      ['The lists are not available now', '一覧は現在応答できません'],
      [
        'The read models are starting, stopping or overloaded.',
        '読み取りモデルが起動中、停止中、または混雑しています。',
      ],
      ['Send the same request again.', '同じ要求を送り直してください。'],
    ),
    1,
  ),
  'log-unavailable': retried(
    kind(
      503,
      ['The event log does not answer', 'イベントログが応答しません'],
      [
        'The service cannot use the event log now. Nothing was recorded.',
        '現在イベントログを利用できません。何も記録されていません。',
      ],
      [
        'Send the same request again, with the same Idempotency-Key.',
        '同じ Idempotency-Key で、同じ要求を送り直してください。',
      ],
    ),
    5,
  ),
  'outcome-unknown': retried(
    kind(
      503,
      ['It is not known whether the request was recorded', '記録されたかどうか不明です'],
      [
        'The event log did not confirm the request in time: it may have been recorded. It is safe to repeat the request with the same Idempotency-Key, because it is not executed twice.',
        'ログの確認が時間内に得られず、結果は不明です（記録された可能性があります）。同じ Idempotency-Key での再送は安全で、二重に実行されることはありません。',
      ],
      [
        'Send the same request again with the same Idempotency-Key: it is not executed twice.',
        '同じ Idempotency-Key で送り直してください。二重に実行されることはありません。',
      ],
    ),
    5,
  ),
  'store-unavailable': retried(
    kind(
      503,
      ['The database does not answer', 'データベースが応答しません'],
      [
        'The database for keys, the order index and checkpoints does not answer. The request may have been recorded.',
        'イベントログ以外のデータ（鍵、索引、チェックポイント）を保持するデータベースが応答しません。記録された可能性があります。',
      ],
      [
        'Send the same request again with the same Idempotency-Key: it is not executed twice.',
        '同じ Idempotency-Key で送り直してください。二重に実行されることはありません。',
      ],
    ),
    5,
  ),
  'erasure-pending': retried(
    kind(
      503,
      ['The personal data is not erased yet', '個人データの消去はまだ完了していません'],
      [
        'The key of the data can no longer be used. But the key is still in the files of the key store, because another connection reads them (a backup, an open transaction), or the record of the erasure is not in the event log yet. The service retries by itself until both are done.',
        '鍵はもう使えません。ただし、ほかの接続（バックアップや未完了のトランザクション）が鍵の保管先を読み取っているために鍵がファイルに残っているか、消去の記録をイベントログに書き込めていません。サービスは両方が終わるまで自動で再試行します。',
      ],
      [
        'Send the same request again: 204 means that the data is erased. If this problem persists, the operator ends the connection that reads the keys, or checks the event log.',
        '同じ要求を送り直してください。204 が返れば消去は完了しています。長く続く場合は、運用担当者が鍵を読み取っている接続を終了するか、イベントログの状態を確認してください。',
      ],
    ),
    2,
  ),
  'clock-behind': retried(
    kind(
      503,
      ['The clock of this machine is wrong', 'このサーバーの時計が正しくありません'],
      [
        "The clock is more than a minute earlier than the last event of the log, or differs by more than a minute from the log server's clock. The service cannot date a decision with it.",
        '時計がログの最後のイベントより 1 分を超えて遅れているか、ログサーバーの時計と 1 分を超えてずれているため、判定の日時を決められません。',
      ],
      ['The operator corrects the clock (NTP).', '運用担当者が時計を合わせてください（NTP）。'],
    ),
    30,
  ),
  'day-effects-pending': retried(
    kind(
      503,
      ['The effects of the day are not recorded yet', '当日の処理がまだ記録されていません'],
      [
        "The partner's yearly re-check is due, and its result was not recorded within ten seconds. Nothing was judged or recorded.",
        'このパートナーは年次再確認の期日を迎えていますが、その結果が 10 秒以内に記録されませんでした。判定も記録も行っていません。',
      ],
      [
        'Send the same request again, with the same Idempotency-Key.',
        '同じ Idempotency-Key で、同じ要求を送り直してください。',
      ],
    ),
    2,
  ),
  'ruleset-not-supported': retried(
    kind(
      503,
      [
        'This release does not support the active ruleset',
        '有効なルールセットに、このリリースは対応していません',
      ],
      [
        'The log names a ruleset or contains an event that this release does not support, so the release accepts no commands.',
        'このリリースが対応していないルールセットまたはイベントがログにあるため、コマンドを受け付けません。',
      ],
      [
        'The operator runs a release that supports it.',
        '運用担当者が、対応するリリースを動かしてください。',
      ],
    ),
    60,
  ),
  'imports-waiting': retried(
    kind(
      503,
      ['Too many imports are waiting', '取り込みが混み合っています'],
      [
        'The service reads two revenue files at a time, and the maximum number of files is waiting. Nothing was recorded.',
        '売上ファイルの取り込みは同時に 2 件までで、待機中の件数も上限に達しています。何も記録されていません。',
      ],
      [
        'Send the same request again when other imports have finished.',
        'ほかの取り込みが終わってから、同じ要求を送り直してください。',
      ],
    ),
    30,
  ),
  'authentication-unavailable': retried(
    kind(
      503,
      ['Tokens cannot be checked now', '現在トークンを検証できません'],
      ["The issuer's signing keys could not be fetched.", '発行者の署名鍵を取得できませんでした。'],
      ['Send the same request again.', '同じ要求を送り直してください。'],
    ),
    5,
  ),
  'shutting-down': retried(
    kind(
      503,
      ['The service is shutting down', 'サービスを停止しています'],
      [
        'The service accepts no new requests. Nothing was recorded.',
        '新しい要求は受け付けません。何も記録されていません。',
      ],
      ['Send the same request again.', '同じ要求を送り直してください。'],
    ),
    1,
  ),
  'not-ready': retried(
    kind(
      503,
      ['The service is not ready', 'サービスの準備ができていません'],
      [
        'The event log does not answer, or the order gate cannot judge yet.',
        'イベントログが応答しないか、注文ゲートがまだ判定できません。',
      ],
      ['Send the same request again.', '同じ要求を送り直してください。'],
    ),
    1,
  ),
};
