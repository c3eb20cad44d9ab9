import type { Command } from 'commander';
import type { ServeOptions } from '../serve/serve.js';
import type { CommandFrame } from './command-frame.js';

export const projectorCommand = (frame: CommandFrame): Command =>
  frame
    .command(
      'projector',
      {
        en: 'Update the read models from the log until SIGTERM or SIGINT, for API processes with PROJECTION=elsewhere. If several projectors run, one works and the others wait. It serves /health and /metrics on PROJECTOR_PORT.',
        ja: 'ログから読み取りモデルを更新する (API プロセスは PROJECTION=elsewhere)。SIGTERM か SIGINT まで動く。複数起動した場合は一つが処理し、残りは待機する。PROJECTOR_PORT で /health と /metrics に応答する。',
      },
      ['npx sekisho projector', 'npx sekisho projector --port 3001'],
    )
    .option(
      '--port <number>',
      frame.text({
        en: 'port for /health and /metrics (PROJECTOR_PORT, default 3001; 0: any free one)',
        ja: '/health と /metrics のポート (PROJECTOR_PORT、既定 3001、0 は空きポート)',
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
      frame.running<ServeOptions>(async (terminal, { port, ...options }) => {
        const { project } = await import('../serve/serve.js');
        return project(terminal, {
          ...options,
          ...(port === undefined ? {} : { projectorPort: port }),
        });
      }),
    );
