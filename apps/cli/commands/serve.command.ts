import type { Command } from 'commander';
import type { CommandFrame } from './command-frame.js';
import type { ServeOptions } from '../serve/serve.js';

export const serveCommand = (frame: CommandFrame): Command =>
  frame
    .command(
      'serve',
      {
        en: 'Run the service: the order gate over HTTP, until SIGTERM or SIGINT. The environment configures it (docs/configuration.md); these options take precedence.',
        ja: 'サービス (HTTP の注文ゲート) を SIGTERM か SIGINT まで動かす。設定は環境変数で行い (docs/configuration.md)、ここのオプションが優先する。',
      },
      ['npx sekisho serve', 'npx sekisho serve --port 8080 --data ./data'],
    )
    .option(
      '--port <number>',
      frame.text({
        en: 'port to listen on (PORT, default 3000; 0: any free one)',
        ja: '待ち受けるポート (PORT、既定 3000、0 は空きポート)',
      }),
    )
    .option(
      '--host <address>',
      frame.text({
        en: 'address to listen on (HOST, default 127.0.0.1)',
        ja: '待ち受けるアドレス (HOST、既定 127.0.0.1)',
      }),
    )
    .action(
      frame.running<ServeOptions>(async (terminal, options) => {
        const { serve } = await import('../serve/serve.js');
        return serve(terminal, options);
      }),
    );
