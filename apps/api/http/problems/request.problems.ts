import { kind, retried } from './problem-kind.js';

/** Errors of the request itself, before any rule of the program. */
export const requestProblems = {
  'malformed-request': kind(
    400,
    ['The request is malformed', 'リクエストの形式が正しくありません'],
    [
      'The request does not have the form that this operation requires.',
      'リクエストが、この操作の形式に合っていません。',
    ],
    [
      'Correct the fields that "errors" lists and send the request again.',
      '「errors」に示された箇所を直して、もう一度送信してください。',
    ],
  ),
  'idempotency-key-required': kind(
    400,
    ['An Idempotency-Key is required', 'Idempotency-Key が必要です'],
    [
      'This command requires an Idempotency-Key header, so that a retry cannot execute it twice.',
      'この操作は、再送による二重実行を防ぐため、Idempotency-Key ヘッダーがあるときだけ受け付けます。',
    ],
    [
      'Send a key of 1 to 255 visible ASCII characters: a new key for each new request, the same key for each retry.',
      '1〜255 文字の印字可能な ASCII 文字で、新しい要求ごとに新しいキーを、再送には同じキーを付けてください。',
    ],
  ),
  'position-not-reached': kind(
    400,
    ['The log ends before that position', 'ログはその位置より前で終わっています'],
    ['"minPosition" is after the end of the log.', '「minPosition」がログの終端より後ろです。'],
    [
      'Use a position that an answer of this service contains.',
      'このサービスの応答に含まれる位置を指定してください。',
    ],
  ),
  unauthorized: kind(
    401,
    ['Authentication is required', '認証が必要です'],
    [
      'The request has no credential, or its credential is invalid or expired.',
      '認証情報がないか、無効または期限切れです。',
    ],
    [
      'Send "Authorization: Bearer <API key or token>" with a valid key or token.',
      '有効な API キーまたはトークンを「Authorization: Bearer <API キーまたはトークン>」で送信してください。',
    ],
  ),
  forbidden: kind(
    403,
    ['Not allowed', '許可されていません'],
    [
      'The credential has no role that allows this operation.',
      'この認証情報のロールでは、この操作は許可されていません。',
    ],
    [
      'Use a credential with a role that allows the operation.',
      '必要なロールを持つ認証情報を使ってください。',
    ],
  ),
  'outside-scope': kind(
    403,
    ['Outside the scope of the credential', '認証情報の対象範囲外です'],
    [
      'The credential is limited to certain partners. The subject of the request is outside them or is shared with other partners, or the operation requires a credential without this limit. Nothing was judged or recorded.',
      'この認証情報は特定のパートナーに限定されています。対象がその範囲外であるか、他のパートナーと共有されているか、限定のない認証情報を必要とする操作です。判定も記録も行われていません。',
    ],
    [
      'Use a credential of the partner concerned, or one that is not limited to partners.',
      '該当するパートナーの認証情報、またはパートナーの限定がない認証情報を使ってください。',
    ],
  ),
  'not-found': kind(
    404,
    ['Not found', '見つかりません'],
    [
      'There is nothing at this address, or nothing that the credential may see.',
      '該当するものがないか、この認証情報では参照できません。',
    ],
    ['Check the address and the ids in it.', 'アドレスと、その中の ID を確認してください。'],
  ),
  'method-not-allowed': kind(
    405,
    ['Method not allowed', 'そのメソッドは使えません'],
    [
      'This address does not support this HTTP method.',
      'このアドレスでは、その HTTP メソッドは使えません。',
    ],
    [
      'Use one of the methods in the "Allow" header.',
      '「Allow」ヘッダーに示されたメソッドを使ってください。',
    ],
  ),
  'not-acceptable': kind(
    406,
    ['None of the requested media types is available', '要求された形式では応答できません'],
    [
      'This address offers none of the media types in "Accept".',
      '「Accept」に示されたどの形式でも、このアドレスは応答できません。',
    ],
    [
      'Ask for a media type that "mediaTypes" lists, or omit "Accept".',
      '「mediaTypes」に示された形式を指定するか、「Accept」を省いてください。',
    ],
  ),
  'request-in-flight': retried(
    kind(
      409,
      ['The first request with this key is still in progress', '同じキーの最初の要求を処理中です'],
      [
        'A request with the same Idempotency-Key has not been answered yet.',
        '同じ Idempotency-Key を持つ要求が、まだ処理中です。',
      ],
      ['Wait and send the same request again.', 'しばらく待って、同じ要求を送り直してください。'],
    ),
    1,
  ),
  contention: retried(
    kind(
      409,
      ['The same data was changed at the same time', '同じデータが同時に変更されました'],
      [
        'The facts of this decision changed repeatedly before it could be recorded. Nothing was recorded.',
        '判断に使う事実が繰り返し変わったため、決定を記録できませんでした。何も記録されていません。',
      ],
      ['Send the same request again.', '同じ要求を送り直してください。'],
    ),
    1,
  ),
  'precondition-failed': kind(
    412,
    ['A precondition failed', '前提条件を満たしていません'],
    [
      '"If-Match" does not name the current revision, or "If-None-Match" names it ("*" names every revision that exists).',
      '「If-Match」が現在のリビジョンと一致しないか、「If-None-Match」が現在のリビジョンと一致しています（「*」は、存在するものすべてと一致します）。',
    ],
    [
      'Read the resource again, check what changed, and send the request with the new ETag.',
      '再度読み取って変更を確認し、新しい ETag を付けて送信してください。',
    ],
  ),
  'payload-too-large': kind(
    413,
    ['The body is too large', '本文が大きすぎます'],
    [
      'The body, after decompression, is larger than this operation accepts (1 MiB; price lists 64 MiB; revenue imports 1 GiB).',
      '本文（圧縮されている場合は展開後）が上限（1 MiB、価格表のアップロードは 64 MiB、売上の取り込みは 1 GiB）を超えています。',
    ],
    ['Split the content into several requests.', '分割して送信してください。'],
  ),
  'uri-too-long': kind(
    414,
    ['The address is too long', 'アドレスが長すぎます'],
    [
      'A part of the address is longer than the longest id.',
      'アドレスの一部が、ID の最大長を超えています。',
    ],
    ['Check the address.', 'アドレスを確認してください。'],
  ),
  'unsupported-media-type': kind(
    415,
    [
      'The content type of the body is not supported',
      '本文の形式（Content-Type）が受け付けられません',
    ],
    [
      'Commands accept application/json in UTF-8; price lists accept text/csv; revenue imports accept text/csv or application/x-ndjson.',
      'コマンドは UTF-8 の application/json、価格表は text/csv、売上の取り込みは text/csv または application/x-ndjson を受け付けます。',
    ],
    [
      'Send a type that the operation accepts, and name it in the Content-Type header.',
      '操作が受け付ける形式で送信し、Content-Type ヘッダーにその形式を指定してください。',
    ],
  ),
  'expectation-failed': kind(
    417,
    ['The expectation cannot be met', 'Expect ヘッダーの要求に応じられません'],
    [
      'The "Expect" header asks for something other than "100-continue".',
      '「Expect」ヘッダーが「100-continue」以外を求めています。',
    ],
    [
      'Send the request without the "Expect" header.',
      '「Expect」ヘッダーを付けずに送信してください。',
    ],
  ),
  'misdirected-request': kind(
    421,
    ['The request is addressed to another host', '別のホスト宛てのリクエストです'],
    [
      'This service listens on a loopback address, and the host that the request names is neither a loopback name nor the host of PUBLIC_URL.',
      'このサービスはループバックアドレスで待ち受けており、リクエストのホスト名はループバックでも PUBLIC_URL のホストでもありません。',
    ],
    [
      'Use http://127.0.0.1 or http://localhost with the port, or ask the operator to set PUBLIC_URL to the address that clients use.',
      'http://127.0.0.1 または http://localhost（ポート付き）を使うか、クライアントが使うアドレスを PUBLIC_URL に設定するよう運用担当者に依頼してください。',
    ],
  ),
  'idempotency-key-reused': kind(
    422,
    [
      'The Idempotency-Key belongs to another request',
      'Idempotency-Key は別の要求で使われています',
    ],
    [
      'This key has been used for a request with another method, address or body.',
      'このキーは、メソッド、アドレスまたは本文の異なる要求で既に使われています。',
    ],
    [
      'Use a new key for each new request. A corrected order is a new request.',
      '新しい要求には新しいキーを使ってください。内容を直した注文は新しい要求です。',
    ],
  ),
  'too-many-requests': kind(
    429,
    ['Too many requests', 'リクエストが多すぎます'],
    [
      'The caller has reached one of its limits. The request was not processed, and nothing was recorded.',
      '呼び出し元が上限のいずれかに達しました。リクエストの内容は処理も記録もされていません。',
    ],
    [
      'Wait for the number of seconds in "Retry-After", then send the same request again with the same Idempotency-Key.',
      '「Retry-After」の秒数だけ待ってから、同じ Idempotency-Key で同じ要求を送り直してください。',
    ],
  ),
  'headers-too-large': kind(
    431,
    ['The headers are too large', 'ヘッダーが大きすぎます'],
    [
      'The request line and the headers together are larger than 16 KiB.',
      'リクエスト行とヘッダーの合計が 16 KiB を超えています。',
    ],
    ['Send fewer or shorter headers.', 'ヘッダーを減らすか短くしてください。'],
  ),
  'request-timeout': kind(
    408,
    ['The request did not arrive in time', 'リクエストが時間内に届きませんでした'],
    [
      'The request was not complete within the time limit.',
      '制限時間内にリクエスト全体が届きませんでした。',
    ],
    ['Send the request again.', 'もう一度送信してください。'],
  ),
};
