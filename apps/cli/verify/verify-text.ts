import type { Verified } from '../../../libs/read-models/verification/verify-projections.js';
import { columns } from '../running/columns.js';
import type { Bilingual } from '../running/language.js';
import type { Terminal } from '../running/terminal.js';

export const nothingToVerify: Bilingual = {
  en: 'Say what to verify: add --projections or --documents.',
  ja: '検証の対象を指定してください: --projections または --documents。',
};

/**
 * Prints one line for each projection. If rows differ, it shows the first differing row as stored
 * and as folded from the log.
 */
export function verifiedLines(all: readonly Verified[], terminal: Terminal): readonly string[] {
  const lines = columns(all.map((one) => [one.projection, outcomeOf(one, terminal)]));
  return all.flatMap((one, index) => [lines[index] ?? '', ...rowsOf(one)]);
}

/** Prints which projections were not verified, and how to verify them. */
export function unverifiedText(all: readonly Verified[], terminal: Terminal): string {
  const names = all
    .filter(({ unverified }) => unverified !== undefined)
    .map(({ projection }) => projection);
  return terminal.text({
    en: `Not verified: ${names.join(', ')}. Start the service (or "sekisho projector") once, so that it fills the rows of this release, and run this again.`,
    ja: `検証していません: ${names.join(', ')}。サービス (または sekisho projector) を一度起動してこのリリースの行を作らせてから、再実行してください。`,
  });
}

function outcomeOf(
  { position, comparedRows, finding, unverified }: Verified,
  terminal: Terminal,
): string {
  const rows = terminal.number(comparedRows);
  if (unverified !== undefined)
    return terminal.text(unverified === 'no-rows' ? noRows : otherVersion);
  switch (finding?.kind) {
    case undefined:
      return terminal.text({
        en: `${rows} rows match the log, up to position ${position}`,
        ja: `${rows} 行がログと一致 (位置 ${position} まで)`,
      });
    case 'difference':
      return terminal.text({
        en: `differs from the log at position ${position}, first in ${finding.difference.table} ${finding.difference.key}:`,
        ja: `位置 ${position} でログと異なる。最初の差異は ${finding.difference.table} ${finding.difference.key}:`,
      });
    case 'stopped':
      return terminal.text({
        en: `has stopped at position ${finding.position}: ${finding.reason}`,
        ja: `位置 ${finding.position} で停止: ${finding.reason}`,
      });
    case 'other-log':
      return terminal.text(otherLog);
  }
}

const rowsOf = ({ finding }: Verified): readonly string[] =>
  finding?.kind === 'difference'
    ? [`  - ${finding.difference.stored ?? ''}`, `  + ${finding.difference.expected ?? ''}`]
    : [];

const noRows: Bilingual = { en: 'has no rows yet', ja: 'まだ行がない' };
const otherVersion: Bilingual = { en: 'has rows of another version', ja: '別のバージョンの行' };
const otherLog: Bilingual = {
  en: 'was built from another log, or from another state of this one',
  ja: '別のログ、またはこのログの別の状態に基づいている',
};
