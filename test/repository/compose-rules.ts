import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Compose, isJob, mountsOf, resolved, type Service } from './compose-file.js';
import { root } from './tracked-files.js';

/** Lists what is wrong with each service of a compose file. An empty list means no finding. */
export type Rule = (compose: Compose) => readonly string[];

const ofServices =
  (findings: (service: Service, compose: Compose) => readonly (string | false)[]): Rule =>
  (compose) =>
    Object.entries(compose.services).flatMap(([name, service]) =>
      findings(service, compose).flatMap((finding) =>
        finding === false ? [] : [`${name}: ${finding}`],
      ),
    );

/**
 * A tag with three numbers never moves to another image. A tag with two numbers may, and needs a
 * digest.
 */
export const isPinned = (image: string): boolean =>
  /:v?\d+\.\d+\.\d+(-[\w.-]+)?(@sha256:[0-9a-f]{64})?$/.test(image) ||
  /:v?\d+\.\d+(-[\w.-]+)?@sha256:[0-9a-f]{64}$/.test(image);

export const imagesArePinned = ofServices(({ image = 'none' }) => [
  !isPinned(resolved(image)) && `its image may change: ${image}`,
]);

export const processesAreWatched = ofServices((service) => {
  if (isJob(service))
    return [service.healthcheck?.test !== undefined && 'a job has a health check'];
  const test: readonly unknown[] = service.healthcheck?.test ?? [];
  return [
    service.restart !== 'unless-stopped' && 'is not started again',
    test[0] !== 'CMD' && 'has no health check',
    test.some((word) => typeof word !== 'string') && 'its health check is no list of words',
  ];
});

export const dependenciesHold = ofServices((service, { services }) =>
  Object.entries(service.depends_on ?? {}).map(([name, { condition }]) => {
    const needed = services[name];
    if (!needed) return `needs ${name}, which is not there`;
    if (needed.profiles?.some((profile) => !service.profiles?.includes(profile)))
      return `needs ${name}, which its profile leaves out`;
    const met = isJob(needed) ? 'service_completed_successfully' : 'service_healthy';
    return condition !== met && `waits for ${name} to be ${condition} and not ${met}`;
  }),
);

export const containersAreConfined = ofServices((service) => [
  !/^[1-9]\d*:\d+$/.test(service.user ?? '') &&
    !isJob(service) &&
    'runs as root, or as the image’s user',
  service.user === undefined && 'does not say whose it is',
  service.read_only !== true && 'may write to its own files',
  service.cap_drop?.join() !== 'ALL' && 'has capabilities',
  service.security_opt?.includes('no-new-privileges:true') !== true && 'may get new privileges',
]);

export const resourcesAreLimited = ofServices(
  ({ mem_limit: memory = '', pids_limit: processes = 0 }) => [
    !/^\d+[mg]$/.test(memory) && 'may take all memory',
    !(processes > 0) && 'may start any number of processes',
  ],
);

/** Passwords must be set by the operator: everybody knows one that is written in the file. */
export const passwordsMustBeSet = ofServices(({ environment = {} }) =>
  Object.entries(environment).flatMap(([name, value]) => [
    /PASSWORD|SECRET|TOKEN/.test(name) &&
      !/^\$\{\w+:\?[^}]+\}$/.test(value) &&
      `${name} has a value for everybody`,
    /:\/\/[^/@:$]*:(?!\$\{\w+:\?[^}]+\}@)[^/@]*@/.test(value) &&
      `${name} has a password for everybody`,
  ]),
);

export const volumesAreDeclaredAndUsed: Rule = ({ services, volumes = {} }) => {
  const used = new Set(
    Object.values(services).flatMap((service) =>
      mountsOf(service).flatMap(({ source, isPath }) => (isPath ? [] : [source])),
    ),
  );
  const declared = new Set(Object.keys(volumes));
  return [
    ...[...used]
      .filter((name) => !declared.has(name))
      .map((name) => `${name} is used and not declared`),
    ...[...declared]
      .filter((name) => !used.has(name))
      .map((name) => `${name} is declared and not used`),
  ];
};

export const mountedFilesExist = ofServices((service) =>
  mountsOf(service)
    .filter(({ isPath }) => isPath)
    .flatMap(({ source, readOnly }) => [
      !existsSync(join(root, source)) && `mounts ${source}, which is not there`,
      !readOnly && `may write to ${source}`,
    ]),
);

export const portsAreLoopback: Rule = ({ services }) => {
  const taken = new Map<number, string>();
  return Object.entries(services).flatMap(([name, { ports = [] }]) =>
    ports.flatMap((port) => {
      const published = /^127\.0\.0\.1:(?:\$\{\w+:-)?(\d+)(?:-(\d+))?\}?:\d+$/.exec(port);
      if (!published) return [`${name}: ${port} is not bound to the loopback address`];
      const [first, last] = [Number(published[1]), Number(published[2] ?? published[1])];
      return Array.from({ length: last - first + 1 }, (_none, index) => first + index).flatMap(
        (number) => {
          const other = taken.get(number);
          taken.set(number, name);
          return other === undefined ? [] : [`${name}: ${number} is also ${other}'s`];
        },
      );
    }),
  );
};
