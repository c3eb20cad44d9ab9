/** The layers of docs/architecture.md: which folder may import which. */
const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from, pathNot: '\\.spec\\.ts$' },
  to: { pathNot: allowed },
});

module.exports = {
  forbidden: [
    only(
      'domain-is-pure',
      '^libs/domain/',
      ['^libs/domain/', 'node_modules/(temporal-polyfill|big\\.js)/'],
      'the domain imports itself and its libraries for dates and decimals',
    ),
    only(
      'log-knows-the-domain-only',
      '^libs/event-log/',
      ['^libs/(domain|event-log)/', '^libs/platform/time/', 'node_modules/', '^(node:)?[a-z_/]+$'],
      "the event log imports only the domain and the platform's timers",
    ),
    only(
      'read-models-below-application',
      '^libs/read-models/',
      ['^libs/(domain|event-log|read-models|platform)/', 'node_modules/', '^(node:)?[a-z_/]+$'],
      'read models import only the event log, the domain and the platform',
    ),
    {
      name: 'event-log-folders-above-root',
      severity: 'error',
      comment: 'the files beside the folders define the log that each folder implements',
      from: { path: '^libs/event-log/[^/]+$' },
      to: { path: '^libs/event-log/[^/]+/' },
    },
    {
      name: 'read-models-folders-above-root',
      severity: 'error',
      comment: 'the files in the root are shared by all folders, and import none of them',
      from: { path: '^libs/read-models/[^/]+$' },
      to: { path: '^libs/read-models/[^/]+/' },
    },
    only(
      'platform-is-general',
      '^libs/platform/',
      ['^libs/platform/', 'node_modules/', '^(node:)?[a-z_/]+$'],
      'the platform has no code about the program',
    ),
    only(
      'application-below-apps',
      '^libs/application/',
      ['^libs/', 'node_modules/', '^(node:)?[a-z_/]+$'],
      'no library imports an app',
    ),
    {
      name: 'engine-knows-no-domain',
      severity: 'error',
      comment: 'the engine works for any domain; the domain is passed to it',
      from: { path: '^libs/application/engine/', pathNot: '\\.spec\\.ts$' },
      to: {
        path: '^(libs/application|libs/domain)/',
        pathNot: ['^libs/application/engine/', '^libs/domain/shared/'],
      },
    },
    {
      name: 'sqlite-in-its-folders',
      severity: 'error',
      from: {
        path: '^(apps|libs)/',
        pathNot: ['^libs/event-log/sqlite/', '^libs/read-models/sqlite/', '^libs/platform/keys/'],
      },
      to: { path: '^(node:)?sqlite$' },
    },
    {
      name: 'eventstoredb-in-its-folder',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^libs/event-log/eventstoredb/' },
      to: { path: '@eventstore/db-client' },
    },
    {
      name: 'postgres-in-its-folder',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^libs/platform/postgres/' },
      to: { path: ['^pg$', 'node_modules/(@types/)?pg/', 'node_modules/pg-'] },
    },
    {
      name: 'no-http-below-apps',
      severity: 'error',
      from: { path: '^libs/(domain|event-log|read-models|application)/' },
      to: { path: ['fastify', '^(node:)?http$', '@nestjs/platform'] },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'not-to-spec',
      severity: 'error',
      from: { pathNot: '\\.spec\\.ts$' },
      to: { path: '\\.spec\\.ts$' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
