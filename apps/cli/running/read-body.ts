import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fieldMessage } from '../../api/http/validation/field-messages.js';
import { Validators } from '../../api/http/validation/validators.js';
import { WrongUsage } from './exit.js';
import type { Terminal } from './terminal.js';

/** A request's JSON from a file or standard input (`-`), held to the same class as the API's; all its faults are told at once. */
export async function readBody<Body extends object>(terminal: Terminal, file: string, dto: new () => Body): Promise<Body> {
  const body = parsed(terminal, file, await read(terminal, file));
  const validators = new Validators();
  validators.add(dto);
  validators.compile();
  const faults = validators.of(dto)(body);
  if (!faults) return body as Body; // the class's own schema has accepted it

  const heading = terminal.text({ en: `${file} cannot be taken:`, ja: `${file} は受け付けられません:` });
  const lines = faults.map((fault) => `  ${fault.path || '/'}  ${fault.code}  ${fieldMessage(fault, terminal.language)}`);
  throw new WrongUsage([heading, ...lines].join('\n'));
}

async function read(terminal: Terminal, file: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { message } = error as Error; // what Node's file system throws
    throw new WrongUsage(terminal.text({ en: `${file} cannot be read: ${message}`, ja: `${file} を読めません: ${message}` }));
  }
}

function parsed(terminal: Terminal, file: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    const { message } = error as SyntaxError; // JSON.parse throws nothing else
    throw new WrongUsage(terminal.text({ en: `${file} is no JSON: ${message}`, ja: `${file} は JSON ではありません: ${message}` }));
  }
}
