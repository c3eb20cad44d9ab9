import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from './tracked-files.js';

/** The parts of docker-compose.yml that the tests check. */
export interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
}

export interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly profiles?: readonly string[];
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly restart?: string;
  readonly mem_limit?: string;
  readonly pids_limit?: number;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly networks?:
    readonly string[] | Readonly<Record<string, { readonly ipv4_address?: string }>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
}

export const composeText = (): string => readFileSync(join(root, 'docker-compose.yml'), 'utf8');

/** Resolves anchors and merges as Compose does. Compose checks its own schema. */
export const composeOf = (text: string): Compose => parse(text, { merge: true }) as Compose;

/** A job ends; every other service keeps running. */
export const isJob = ({ restart }: Service): boolean => restart === 'no';

export const isOurs = ({ image = '' }: Service): boolean => /^sekisho:/.test(image);

export interface Mount {
  /** A named volume, or a path from the root of the repository. */
  readonly source: string;
  readonly isPath: boolean;
  readonly target: string;
  readonly readOnly: boolean;
}

export const mountsOf = ({ volumes = [] }: Service): readonly Mount[] =>
  volumes.map((volume) => {
    const [source = '', target = '', mode] = volume.split(':');
    return {
      source: source.replace(/^\.\//, ''),
      isPath: source.startsWith('.'),
      target,
      readOnly: mode === 'ro',
    };
  });

/**
 * A variable of the operator's environment: `${NAME:-default}`, or `${NAME:?what to do}` for a
 * required one.
 */
export interface Variable {
  readonly name: string;
  readonly unset?: string;
  readonly remedy?: string;
}
const variable = /\$\{(\w+)(?::-([^}]*)|:\?([^}]*))?\}/g;

export const variablesIn = (text: string): readonly Variable[] =>
  [...text.matchAll(variable)].map(([, name = '', unset, remedy]) => ({
    name,
    ...(unset === undefined ? {} : { unset }),
    ...(remedy === undefined ? {} : { remedy }),
  }));

/** A text of the file when the operator sets the required variables only, each to its own name. */
export const resolved = (text: string): string =>
  text.replaceAll(variable, (_whole, name: string, unset?: string, remedy?: string) =>
    remedy === undefined ? (unset ?? '') : name,
  );

/** A container's environment when the operator sets the required variables only. */
export const withDefaults = (
  environment: Service['environment'] = {},
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, resolved(value)]));
