import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { DEPTH_AT_MOST, type JsonFault, readJson } from '../../../libs/platform/json/read-json.js';
import { fieldMessage } from '../../api/http/validation/field-messages.js';
import { Validators } from '../../api/http/validation/validators.js';
import { WrongUsage } from './exit.js';
import type { Terminal } from './terminal.js';

/**
 * The JSON body of a request from a file or standard input (`-`), validated by the same class as in
 * the API. All faults are reported together.
 */
export async function readBody<Body extends object>(
  terminal: Terminal,
  file: string,
  dto: new () => Body,
): Promise<Body> {
  const body = parsed(terminal, file, await read(terminal, file));
  const validators = new Validators();
  validators.add(dto);
  validators.ready();
  const faults = validators.of(dto)(body);
  if (!faults) return body as Body; // the schema of the class has accepted it

  const heading = terminal.text({
    en: `${file} is not valid:`,
    ja: `${file} の内容が正しくありません:`,
  });
  const lines = faults.map(
    (fault) => `  ${fault.path || '/'}  ${fault.code}  ${fieldMessage(fault, terminal.language)}`,
  );
  throw new WrongUsage([heading, ...lines].join('\n'));
}

async function read(terminal: Terminal, file: string): Promise<Buffer> {
  if (file === '-') return buffer(process.stdin);
  try {
    return await readFile(file);
  } catch (error) {
    const { message } = error as Error; // errors of Node's file system have a message
    throw new WrongUsage(
      terminal.text({
        en: `${file} cannot be read: ${message}`,
        ja: `${file} を読めません: ${message}`,
      }),
    );
  }
}

function parsed(terminal: Terminal, file: string, json: Buffer): unknown {
  const read = readJson(json);
  if ('value' in read) return read.value;
  throw new WrongUsage(terminal.text(faultText(file, read.fault)));
}

function faultText(file: string, fault: JsonFault): { readonly en: string; readonly ja: string } {
  switch (fault.kind) {
    case 'encoding':
      return { en: `${file} is not UTF-8.`, ja: `${file} は UTF-8 ではありません。` };
    case 'syntax': {
      const { message } = fault.cause;
      return {
        en: `${file} is not JSON: ${message}`,
        ja: `${file} は JSON ではありません: ${message}`,
      };
    }
    case 'depth':
      return {
        en: `${file} is nested more than ${DEPTH_AT_MOST} levels deep.`,
        ja: `${file} の入れ子が ${DEPTH_AT_MOST} 段を超えています。`,
      };
    case 'names': {
      const names = fault.paths.join(', ');
      return {
        en: `${file} has the same name twice: ${names}`,
        ja: `${file} に同じ名前が重複しています: ${names}`,
      };
    }
  }
}
