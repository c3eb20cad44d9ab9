// Longer than 300 lines: every check of one file, and a table that shows that each rule can fail
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Configuration, readConfiguration } from '../../libs/platform/configuration.js';
import type { Environment } from '../../libs/platform/environment.js';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import {
  type Compose,
  composeOf,
  composeText,
  isJob,
  isOurs,
  mountsOf,
  type Service,
  variablesIn,
  withDefaults,
} from './compose-file.js';
import {
  containersAreConfined,
  dependenciesHold,
  imagesArePinned,
  mountedFilesExist,
  passwordsMustBeSet,
  portsAreLoopback,
  processesAreWatched,
  resourcesAreLimited,
  type Rule,
  volumesAreDeclaredAndUsed,
} from './compose-rules.js';
import { root } from './tracked-files.js';

// The tests run without a Docker engine: they check what docker-compose.yml says.
const text = composeText();
const compose = composeOf(text);
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => isOurs(service) && !isJob(service));
const page = readFileSync(join(root, 'docs/operating.md'), 'utf8');

const inProfile = (profile: string | undefined): readonly string[] =>
  services.filter(([, { profiles }]) => profiles?.join() === profile).map(([name]) => name);

/** The variables that the code reads. */
const known = ((): ReadonlySet<string> => {
  const names = new Set<string>();
  readConfiguration(
    new Proxy<Environment>({}, { get: (_none, name) => void names.add(String(name)) }),
  );
  return names;
})();

const configurationOf = (name: string): Configuration =>
  readConfiguration(withDefaults(compose.services[name]?.environment));

describe('docker-compose.yml', () => {
  it.each<[string, Rule]>([
    ['pins every image', imagesArePinned],
    ['checks the health of every process and restarts it', processesAreWatched],
    ['waits for existing services, and for the right condition of each', dependenciesHold],
    ['confines every container', containersAreConfined],
    ['limits memory and processes of every container', resourcesAreLimited],
    ['has no password that everybody knows', passwordsMustBeSet],
    ['declares the volumes that it uses, and no other', volumesAreDeclaredAndUsed],
    ['mounts only existing files, read-only', mountedFilesExist],
    ['binds every port to the loopback address once', portsAreLoopback],
  ])('%s', (_title, rule) => {
    expect(rule(compose)).toEqual([]);
  });

  it('has one node with its services by default, and three nodes with TLS and monitoring as profiles', () => {
    expect(inProfile(undefined)).toEqual(['esdb', 'postgres', 'keys', 'api', 'projector']);
    expect(inProfile('cluster')).toEqual([
      'certificates',
      'esdb-1',
      'esdb-2',
      'esdb-3',
      'esdb-user',
      'api-cluster',
      'projector-cluster',
    ]);
    expect(inProfile('observe')).toEqual(['prometheus', 'grafana']);
  });

  it('builds our images and tags them with the release', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      version: string;
    };
    for (const [name, { image, build }] of services.filter(([, service]) => isOurs(service)))
      expect([name, image, build]).toEqual([name, `sekisho:${version}`, '.']);
  });

  it('has a documented purpose for every variable', () => {
    const names = [...new Set(variablesIn(text).map(({ name }) => name))];
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
    expect(
      variablesIn(text).filter(({ unset, remedy }) => unset === undefined && remedy === undefined),
    ).toEqual([]);
  });
});

describe('our services in docker-compose.yml', () => {
  it('set only variables that the configuration knows', () => {
    expect(ours.map(([name]) => name)).toEqual([
      'api',
      'projector',
      'api-cluster',
      'projector-cluster',
    ]);
    const unknown = ours.flatMap(([name, { environment = {} }]) =>
      Object.keys(environment).flatMap((variable) =>
        known.has(variable) ? [] : [`${name}: ${variable}`],
      ),
    );
    expect(unknown).toEqual([]);
  });

  it.each(ours.map(([name]) => name))(
    'have an accepted configuration and keep no data on their own disk: %s',
    (name) => {
      const { eventLog, readModels, keyStore, authentication } = configurationOf(name);
      expect([eventLog.kind, readModels.kind, keyStore.kind]).toEqual([
        'eventstoredb',
        'postgres',
        'postgres',
      ]);
      expect(mountsOf(compose.services[name]!).filter(({ readOnly }) => !readOnly)).toEqual([]);
      const folders = mountsOf(compose.services[name]!).map(({ target }) => target);
      expect(folders.some((folder) => authentication.apiKeysFile?.startsWith(`${folder}/`))).toBe(
        true,
      );
    },
  );

  it('leave projections to the projectors', () => {
    expect(['api', 'api-cluster'].map((name) => configurationOf(name).projection)).toEqual([
      'elsewhere',
      'elsewhere',
    ]);
    expect(
      ['projector', 'projector-cluster'].map((name) => compose.services[name]?.command),
    ).toEqual([['projector'], ['projector']]);
  });

  it('have a health check on the port where they listen', () => {
    for (const [name, { healthcheck, ports, command }] of ours) {
      const { port, projectorPort, host } = configurationOf(name);
      const own = command?.[0] === 'projector' ? projectorPort : port;
      expect([name, host]).toEqual([name, '0.0.0.0']);
      expect(healthcheck?.test?.join(' ')).toContain(`http://127.0.0.1:${own}/health/ready`);
      expect(ports?.map((published) => published.split(':').at(-1))).toEqual([String(own)]);
    }
  });

  it('have separate read models and keys for the two logs', () => {
    const stores = ours.map(([name]) => {
      const { eventLog, readModels, keyStore } = configurationOf(name);
      return [eventLog, readModels, keyStore].map((settings) =>
        'url' in settings ? settings.url : undefined,
      );
    });
    expect(stores[0]).toEqual(stores[1]);
    expect(stores[2]).toEqual(stores[3]);
    expect(stores[0]).not.toEqual(stores[2]);
    expect(stores[0]?.[1]).not.toEqual(stores[2]?.[1]);
    const created = readFileSync(join(root, 'deploy/postgres/create-cluster-database.sql'), 'utf8');
    expect(created).toContain(
      `CREATE DATABASE ${new URL(String(stores[2]?.[1])).pathname.slice(1)};`,
    );
  });
});

describe('the passwords for docker-compose.yml', () => {
  const required = [
    ...new Set(
      variablesIn(text).flatMap(({ name, remedy }) => (remedy === undefined ? [] : [name])),
    ),
  ].sort();
  let folder: string;
  const file = (): string => join(folder, '.env');
  const run = () =>
    spawnSync(process.execPath, [join(root, 'deploy/create-passwords.mjs'), file()], {
      encoding: 'utf8',
    });
  const passwords = (): Readonly<Record<string, string>> =>
    Object.fromEntries(
      [...readFileSync(file(), 'utf8').matchAll(/^(\w+)=(.*)$/gm)].map(
        ([, name = '', value = '']) => [name, value],
      ),
    );
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sekisho-passwords-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('must be set, and the refusal to start says how', () => {
    expect(required).toHaveLength(5);
    for (const { remedy } of variablesIn(text))
      if (remedy !== undefined) expect(remedy).toContain('node deploy/create-passwords.mjs');
  });

  it('are created at random, are readable by their owner only and are printed nowhere', () => {
    const { status, stdout } = run();
    expect([status, Object.keys(passwords()).sort(), statSync(file()).mode & 0o777]).toEqual([
      0,
      required,
      0o600,
    ]);
    expect(new Set(Object.values(passwords())).size).toBe(5);
    for (const password of Object.values(passwords())) {
      expect(password).toMatch(/^[A-Za-z0-9]{32,}$/);
      expect(stdout).not.toContain(password);
    }
  });

  it('are kept when they exist, with everything else in the file', () => {
    writeFileSync(file(), 'PORT=3005\nPOSTGRES_PASSWORD=mine\nGRAFANA_ADMIN_PASSWORD=');
    run();
    const once = readFileSync(file(), 'utf8');
    expect(once.startsWith('PORT=3005\nPOSTGRES_PASSWORD=mine\n')).toBe(true);
    expect(passwords()).toMatchObject({
      POSTGRES_PASSWORD: 'mine',
      GRAFANA_ADMIN_PASSWORD: expect.stringMatching(/^\w{32,}$/),
    });
    expect([run().status, readFileSync(file(), 'utf8')]).toEqual([0, once]);
  });
});

describe('the keys in docker-compose.yml', () => {
  const mounting = (volume: string) =>
    services
      .filter(([, service]) => mountsOf(service).some(({ source }) => source === volume))
      .map(([name]) => name);

  it('are in a volume that only the job mounts; services see hashes, and Prometheus sees its own key', () => {
    expect(mounting('api-keys')).toEqual(['keys']);
    expect(mounting('metrics-key')).toEqual(['keys', 'prometheus']);
    expect(mounting('keys')).toEqual(['keys', ...ours.map(([name]) => name)]);
  });

  it('are written to one file of each volume, in the order of the job’s arguments', () => {
    const { command = [] } = compose.services['keys'] ?? {};
    const folders = mountsOf(compose.services['keys']!).map(({ source, target }) => [
      source,
      target,
    ]);
    expect(folders.map(([source]) => source)).toEqual(['keys', 'api-keys', 'metrics-key']);
    expect(command.map((file) => file.slice(0, file.lastIndexOf('/')))).toEqual(
      folders.map(([, target]) => target),
    );
  });

  it('are read from the volume, never from a log', () => {
    for (const file of ['README.md', 'docs/operating.md', 'docker-compose.yml']) {
      const said = readFileSync(join(root, file), 'utf8');
      expect([
        file,
        said.includes('docker compose cp keys:/api-keys/keys.json'),
        said.includes('logs keys'),
      ]).toEqual([file, true, false]);
    }
  });

  it('are in folders of the image that belong to their readers', () => {
    const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
    const modes = new Map(
      [...dockerfile.matchAll(/^RUN \["install".*"--mode=(\d+)"(.*)\]$/gm)].flatMap(
        ([, mode, folders = '']) =>
          [...folders.matchAll(/"(\/[^"]+)"/g)].map(([, folder]) => [folder, mode]),
      ),
    );
    expect([modes.get('/api-keys'), modes.get('/metrics-key'), modes.get('/keys')]).toEqual([
      '0700',
      '0750',
      '0750',
    ]);
    expect(compose.services['prometheus']?.user?.split(':')[1]).toBe('1000');
  });
});

describe('the cluster in docker-compose.yml', () => {
  const nodes = ['esdb-1', 'esdb-2', 'esdb-3'];
  const addressOf = (name: string): string =>
    String(networkOf(compose.services[name])?.ipv4_address);
  const networkOf = (service: Service | undefined) =>
    (service?.networks as Record<string, { ipv4_address?: string }> | undefined)?.['cluster'];

  it.each(nodes)(
    'has a node %s that knows the other two and gives clients a reachable name',
    (name) => {
      const environment = compose.services[name]?.environment ?? {};
      const others = nodes
        .filter((other) => other !== name)
        .map((other) => `${addressOf(other)}:2113`);
      expect(environment).toMatchObject({
        EVENTSTORE_CLUSTER_SIZE: '3',
        EVENTSTORE_DISCOVER_VIA_DNS: 'false',
        EVENTSTORE_GOSSIP_SEED: others.join(),
        EVENTSTORE_REPLICATION_IP: addressOf(name),
        EVENTSTORE_ADVERTISE_HOST_TO_CLIENT_AS: name,
        EVENTSTORE_CERTIFICATE_FILE: `/certificates/${name}/node.crt`,
      });
      expect(environment).not.toHaveProperty('EVENTSTORE_INSECURE');
    },
  );

  it('has a certificate for each node, by name and address', () => {
    const script = readFileSync(join(root, 'deploy/certificates/create-certificates.sh'), 'utf8');
    const made = /^NODES=\((.*)\)$/m.exec(script)?.[1];
    expect(made).toBe(nodes.map((name) => `${addressOf(name)}:${name}`).join(' '));
  });

  it('has its own user, created by a job; only that job and the nodes have the administrator’s password', () => {
    const having = (secret: string) =>
      services
        .filter(([, { environment = {} }]) =>
          Object.values(environment).some((value) => value.includes(secret)),
        )
        .map(([name]) => name);
    expect(having('EVENTSTOREDB_ADMIN_PASSWORD')).toEqual([...nodes, 'esdb-user']);
    expect(having('{EVENTSTOREDB_PASSWORD')).toEqual([
      'esdb-user',
      'api-cluster',
      'projector-cluster',
    ]);
    const job = compose.services['esdb-user'];
    expect(job?.environment?.['EVENTSTOREDB_NODES']).toBe(
      nodes.map((node) => `${node}:2113`).join(),
    );
    const script = readFileSync(join(root, 'deploy/eventstoredb/create-user.mjs'), 'utf8');
    const asked = [...script.matchAll(/variable\('(\w+)'\)/g)].map(([, name]) => String(name));
    expect(asked.sort()).toEqual(Object.keys(job?.environment ?? {}).sort());
    const unset = spawnSync(process.execPath, [join(root, 'deploy/eventstoredb/create-user.mjs')], {
      env: {},
      encoding: 'utf8',
    });
    expect([unset.status, unset.stderr]).toEqual([2, 'EVENTSTOREDB_NODES is not set.\n']);
  });

  it('is addressed by all its nodes, with certificate checks (esdb+discover asks only the first)', () => {
    for (const name of ['api-cluster', 'projector-cluster']) {
      const url = withDefaults(compose.services[name]?.environment)['EVENTSTOREDB_URL'];
      expect(url).toBe(
        `esdb://sekisho:EVENTSTOREDB_PASSWORD@${nodes.map((node) => `${node}:2113`).join()}?tls=true&tlsCAFile=/trusted/ca.crt`,
      );
      expect(mountsOf(compose.services[name]!)).toContainEqual({
        source: 'trusted',
        isPath: false,
        target: '/trusted',
        readOnly: true,
      });
    }
  });

  it('gives the authority’s key to the job that needs it, and each node’s key to the nodes', () => {
    const mounting = (volume: string) =>
      services
        .filter(([, service]) => mountsOf(service).some(({ source }) => source === volume))
        .map(([name]) => name);
    expect(mounting('authority')).toEqual(['certificates']);
    expect(mounting('certificates')).toEqual(['certificates', ...nodes]);
  });

  it('runs no server version that can send a checkpoint of 2^64-1 (24.10.0 to 24.10.4)', () => {
    const patches = services.flatMap(
      ([, { image = '' }]) => /eventstoredb-ee:24\.10\.(\d+)-/.exec(image)?.[1] ?? [],
    );
    expect(patches).toHaveLength(4);
    for (const patch of patches) expect(Number(patch)).toBeGreaterThanOrEqual(5);
  });
});

describe('the rules for docker-compose.yml', () => {
  const digest = `@sha256:${'0'.repeat(64)}`;
  const process: Service = {
    image: 'a:1.2.3',
    user: '1000:1000',
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    restart: 'unless-stopped',
    mem_limit: '1g',
    pids_limit: 512,
    healthcheck: { test: ['CMD', 'true'] },
  };
  const job: Service = { ...process, restart: 'no', user: '0:0', healthcheck: { disable: true } };
  const one = (changes: Service, others: Compose['services'] = {}, volumes = {}): Compose => ({
    services: { one: { ...process, ...changes }, ...others },
    volumes,
  });

  it.each<[string, Rule, Compose, number]>([
    ['a whole version', imagesArePinned, one({ image: 'a:24.10.6-x64-8.0-bookworm-slim' }), 0],
    ['half a version', imagesArePinned, one({ image: 'a:24.10' }), 1],
    [
      'half a version with its digest',
      imagesArePinned,
      one({ image: `a:17.11-bookworm${digest}` }),
      0,
    ],
    ['latest', imagesArePinned, one({ image: 'a:latest' }), 1],
    ['no version', imagesArePinned, one({ image: 'localhost:5000/a' }), 1],
    ['a process', processesAreWatched, one({}), 0],
    ['a job', processesAreWatched, { services: { one: job } }, 0],
    ['no health check', processesAreWatched, one({ healthcheck: { disable: true } }), 1],
    [
      'no restart',
      processesAreWatched,
      { services: { one: { image: 'a:1.2.3', healthcheck: { test: ['CMD', 'true'] } } } },
      1,
    ],
    [
      'YAML in the health check',
      processesAreWatched,
      composeOf(
        'services: { one: { restart: unless-stopped, healthcheck: { test: [CMD, a ? 0 : 1] } } }',
      ),
      1,
    ],
    [
      'a need',
      dependenciesHold,
      one({ depends_on: { two: { condition: 'service_healthy' } } }, { two: process }),
      0,
    ],
    [
      'a dependency on an unknown service',
      dependenciesHold,
      one({ depends_on: { two: { condition: 'service_healthy' } } }),
      1,
    ],
    [
      'a need of a start',
      dependenciesHold,
      one({ depends_on: { two: { condition: 'service_started' } } }, { two: process }),
      1,
    ],
    [
      'a need of a job',
      dependenciesHold,
      one({ depends_on: { two: { condition: 'service_completed_successfully' } } }, { two: job }),
      0,
    ],
    [
      'a need of another profile',
      dependenciesHold,
      one(
        { depends_on: { two: { condition: 'service_healthy' } } },
        { two: { ...process, profiles: ['x'] } },
      ),
      1,
    ],
    ['root', containersAreConfined, one({ user: '0:0' }), 1],
    ['root in a job', containersAreConfined, { services: { one: job } }, 0],
    ['files that can be written', containersAreConfined, one({ read_only: false }), 1],
    ['capabilities', containersAreConfined, one({ cap_drop: [] }), 1],
    ['no limit of memory', resourcesAreLimited, one({ mem_limit: undefined } as never), 1],
    ['no limit of processes', resourcesAreLimited, one({ pids_limit: 0 }), 1],
    ['limits', resourcesAreLimited, one({}), 0],
    [
      'a password that must be set',
      passwordsMustBeSet,
      one({ environment: { A_PASSWORD: '${A:?set it}', URL: 'a://b:${A:?set it}@c' } }),
      0,
    ],
    [
      'a default password',
      passwordsMustBeSet,
      one({ environment: { A_PASSWORD: '${A:-changeit}' } }),
      1,
    ],
    ['a password', passwordsMustBeSet, one({ environment: { A_PASSWORD: 'changeit' } }), 1],
    [
      'a default password in a URL',
      passwordsMustBeSet,
      one({ environment: { URL: 'a://b:${A:-changeit}@c/d' } }),
      1,
    ],
    ['a password in a URL', passwordsMustBeSet, one({ environment: { URL: 'a://b:c@d/e' } }), 1],
    ['no password in a URL', passwordsMustBeSet, one({ environment: { URL: 'a://b:2113?c' } }), 0],
    [
      'an image from a variable with a whole version',
      imagesArePinned,
      one({ image: '${A:-a:24.10.6-x64}' }),
      0,
    ],
    ['an image from a variable without one', imagesArePinned, one({ image: '${A:-a:latest}' }), 1],
    [
      'a declared volume',
      volumesAreDeclaredAndUsed,
      one({ volumes: ['a:/a'] }, {}, { a: null }),
      0,
    ],
    ['a volume that is not declared', volumesAreDeclaredAndUsed, one({ volumes: ['a:/a'] }), 1],
    ['a volume that is not used', volumesAreDeclaredAndUsed, one({}, {}, { a: null }), 1],
    ['a file', mountedFilesExist, one({ volumes: ['./package.json:/a:ro'] }), 0],
    ['a file that is not there', mountedFilesExist, one({ volumes: ['./nothing.json:/a:ro'] }), 1],
    ['a file that can be written', mountedFilesExist, one({ volumes: ['./package.json:/a'] }), 1],
    [
      'a port',
      portsAreLoopback,
      one({ ports: ['127.0.0.1:${PORT:-1}:1'] }, { two: { ports: ['127.0.0.1:2-4:1'] } }),
      0,
    ],
    ['a port of every address', portsAreLoopback, one({ ports: ['3000:3000'] }), 1],
    [
      'a port twice',
      portsAreLoopback,
      one({ ports: ['127.0.0.1:3:1'] }, { two: { ports: ['127.0.0.1:2-4:1'] } }),
      1,
    ],
  ])('%s', (_title, rule, broken, findings) => {
    expect(rule(broken)).toHaveLength(findings);
  });
});
