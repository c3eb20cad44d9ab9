import { kind } from './problem-kind.js';

/** Refusals of an upload of Microsoft's reconciliation file. */
export const reconciliationProblems = {
  'reconciliation-rejected': kind(
    422,
    ['The file has lines that are not accepted', 'ファイルに受け付けられない行があります'],
    [
      'Nothing was recorded. "rejected" lists the first 1,000 faults with the row and the reason; row 0 is the header, or the whole file. "rejectedCount" counts all of them.',
      '何も記録されていません。「rejected」に、最初の 1,000 件の行番号と理由を示します。0 行目は見出し行、またはファイル全体です。「rejectedCount」はその総数です。',
    ],
    [
      'Export the file again as CSV (format en-US) or JSON Lines, and upload all of it.',
      'CSV（en-US 形式）または JSON Lines で書き出し直し、ファイル全体をアップロードしてください。',
    ],
  ),
  'reconciliation-partner-unknown': kind(
    422,
    ['The partner of the file is not known', 'ファイルのパートナーを特定できません'],
    [
      '"partnerTenants" are the tenants in the column PartnerId. Exactly one registered partner must have them as CSP tenant; "partnerIds" are those that do.',
      '「partnerTenants」は PartnerId 列のテナントです。これを CSP テナントとして登録しているパートナーは一つだけでなければなりません。「partnerIds」は該当するパートナーです。',
    ],
    [
      'Name the partner with ?partnerId=, or register its CSP tenant.',
      '?partnerId= でパートナーを指定するか、その CSP テナントを登録してください。',
    ],
  ),
};
