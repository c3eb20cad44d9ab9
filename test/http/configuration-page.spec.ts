import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfiguration } from '../../libs/platform/configuration.js';
import type { Environment } from '../../libs/platform/environment.js';
import { readKeyFile } from '../../libs/platform/authentication/api-keys.js';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { root } from '../support/service.js';

const page = readFileSync(join(root, 'docs/configuration.md'), 'utf8');
/** Name, default and allowed values of each variable in the table. */
const documented = [...page.matchAll(/^\| `([A-Z_]+)` \| (\S+) \| (.+?) \|/gm)].map(
  ([, name = '', unset = '', allowed = '']) => ({
    name,
    unset: unset.replaceAll('`', ''),
    allowed: [...allowed.matchAll(/`([^`]+)`/g)].map(([, value]) => String(value)),
  }),
);

/** The variables that the code reads from the environment. */
function asked(): readonly string[] {
  const names = new Set<string>();
  const environment = new Proxy<Environment>(
    {},
    { get: (_none, name) => void names.add(String(name)) },
  );
  readConfiguration(environment);
  return [...names];
}

const accepts = (environment: Environment): boolean => {
  try {
    readConfiguration(environment);
    return true;
  } catch {
    return false;
  }
};

/** A store on a server needs the server's URL. */
const servers = {
  EVENTSTOREDB_URL: 'esdb://127.0.0.1:2113?tls=false',
  POSTGRES_URL: 'postgres://sekisho@127.0.0.1/sekisho',
};

describe('docs/configuration.md', () => {
  it('lists exactly the variables that are read', () => {
    expect(documented.map(({ name }) => name).sort()).toEqual([...asked()].sort());
  });

  it('states the defaults', () => {
    const defaults = Object.fromEntries(
      documented.flatMap(({ name, unset }) => (unset === '–' ? [] : [[name, unset]])),
    );
    expect(Object.keys(defaults).length).toBeGreaterThan(6);
    expect(readConfiguration(defaults)).toEqual(readConfiguration({}));
    for (const [name, value] of Object.entries(readConfiguration({}))) {
      const variable = name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
      if (variable !== 'DATA_DIR' && typeof value !== 'object')
        expect([variable, defaults[variable]]).toEqual([variable, String(value)]);
    }
  });

  it.each(['EVENT_LOG', 'KEY_STORE', 'READ_MODELS', 'CLOCK', 'LOG_LEVEL'])(
    'lists every value of %s',
    (name) => {
      const { allowed } = documented.find((variable) => variable.name === name)!;
      for (const choice of allowed)
        expect([choice, accepts({ ...servers, [name]: choice })]).toEqual([choice, true]);
      const message = String(
        new RegExp(`${name} is "x"[^\n]*Allowed: ([^\n]*)\\.`).exec(
          messageOf({ [name]: 'x' }),
        )?.[1],
      );
      expect(allowed).toEqual(message.split(', '));
    },
  );

  it('names only valid settings', () => {
    for (const [name, value] of [...page.matchAll(/`([A-Z_]+)=([a-z]+)`/g)].map(
      ([, name = '', value = '']) => [name, value] as const,
    ))
      expect([name, accepts({ ...servers, [name]: value })]).toEqual([name, true]);
  });

  it('shows a valid key file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sekisho-page-'));
    const shown = /```json\n(.*?)```/s.exec(page)?.[1] ?? '';
    writeFileSync(join(folder, 'keys.json'), shown);
    const [key] = readKeyFile(join(folder, 'keys.json'));
    rmSync(folder, { recursive: true });
    const fields = [...page.matchAll(/^\| `(\w+)` \| (?:required|optional) \|/gm)]
      .map(([, field]) => String(field))
      .filter((field) => !/^(roles|partner_ids)$/.test(field) || field === 'roles');
    expect([...new Set(fields)].sort()).toEqual(Object.keys(key!).sort());
  });
});

function messageOf(environment: Environment): string {
  try {
    readConfiguration(environment);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}
