import { writeSync } from 'node:fs';
import { Progress } from './progress.js';
import type { Bilingual, Language } from './language.js';

/**
 * A command's output in the reader's language: results on standard output, all else on standard
 * error.
 */
export class Terminal {
  constructor(readonly language: Language) {}

  text(text: Bilingual): string {
    return text[this.language];
  }

  /** A line of the result. */
  result(line: string): void {
    write(process.stdout, line);
  }

  json(value: unknown): void {
    this.result(JSON.stringify(value, null, 2));
  }

  /** About the run, not its result. */
  note(text: Bilingual | string): void {
    write(process.stderr, typeof text === 'string' ? text : this.text(text));
  }

  /** Drawn on a terminal only: nothing is written when standard error is piped. */
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
