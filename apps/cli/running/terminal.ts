import { writeSync } from 'node:fs';
import { Progress } from './progress.js';
import type { Bilingual, Language } from './language.js';

/**
 * Prints the output of a command in the reader's language: results on standard output, all else on
 * standard error.
 */
export class Terminal {
  constructor(readonly language: Language) {}

  text(text: Bilingual): string {
    return text[this.language];
  }

  /** Prints a line of the result. */
  result(line: string): void {
    write(process.stdout, line);
  }

  json(value: unknown): void {
    this.result(JSON.stringify(value, null, 2));
  }

  /** Prints information about the run. */
  note(text: Bilingual | string): void {
    write(process.stderr, typeof text === 'string' ? text : this.text(text));
  }

  /** Shown on a terminal only: nothing is written when standard error is piped. */
  progress(label: Bilingual, outOf?: number): Progress {
    return new Progress(
      process.stderr.isTTY ? (text) => writeSync(2, text) : undefined,
      this.text(label),
      this.language,
      outOf,
    );
  }

  number(value: number): string {
    return value.toLocaleString(this.language);
  }
}

function write(stream: NodeJS.WriteStream, line: string): void {
  stream.write(`${line}\n`);
}
