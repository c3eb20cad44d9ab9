import type { Command } from 'commander';
import { partnerId, tenantId } from './argument.js';
import type { CommandFrame } from './command-frame.js';
import type { ShredOptions } from '../personal-data/shred.js';

export const shredCommand = (frame: CommandFrame): Command =>
  frame
    .command(
      'shred',
      {
        en: "Erase a customer's or a partner's personal data. The key is destroyed, and the files are searched for copies of it; every hash and proof over the log stays valid. It cannot be undone.",
        ja: '顧客またはパートナーの個人データを消去する。鍵を破棄し、ファイルに残っていないことを確かめる。ログのハッシュと証明はすべて有効なまま残る。元には戻せない。',
      },
      [
        'npx sekisho shred 11111111-2222-4333-8444-555555555555',
        'npx sekisho shred --partner reseller-jp',
      ],
    )
    .argument(
      '[tenantId]',
      frame.text({ en: "the customer's tenant", ja: '顧客のテナント ID' }),
      tenantId,
    )
    .option(
      '--partner <partnerId>',
      frame.text({ en: 'the partner, instead of a customer', ja: '顧客ではなくパートナーの ID' }),
      partnerId,
    )
    .action(
      frame.running<ShredOptions>(async (terminal, options, tenant) => {
        const { shred } = await import('../personal-data/shred.js');
        return shred(terminal, options, tenant);
      }),
    );
