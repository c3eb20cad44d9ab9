import { stat } from 'node:fs/promises';
import { WrongUsage } from './exit.js';
import type { Terminal } from './terminal.js';

/** The size of a file that an argument names, in bytes. Throws WrongUsage. */
export async function fileSize(terminal: Terminal, file: string): Promise<number> {
  try {
    const found = await stat(file);
    if (found.isFile()) return found.size;
  } catch (error) {
    const { message } = error as Error; // errors of Node's file system have a message
    throw new WrongUsage(
      terminal.text({
        en: `${file} cannot be read: ${message}`,
        ja: `${file} を読めません: ${message}`,
      }),
    );
  }
  throw new WrongUsage(
    terminal.text({ en: `${file} is not a file.`, ja: `${file} はファイルではありません。` }),
  );
}
