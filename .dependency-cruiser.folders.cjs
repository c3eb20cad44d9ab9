const { options } = require('./.dependency-cruiser.cjs');

/** Areas whose folders have no import cycles, also through other folders. Imports of types count. */
const ordered = [
  'apps/api',
  'libs/application',
  'libs/domain',
  'libs/event-log',
  'libs/platform',
  'libs/read-models',
];

/**
 * A separate rule set, because it omits modules that the other rules check: specs and the `testing`
 * folders that they share may import every folder of their area.
 */
module.exports = {
  forbidden: [
    {
      name: 'no-folder-cycles',
      severity: 'error',
      scope: 'folder',
      from: { path: ordered.map((area) => `^${area}(/|$)`) },
      to: { circular: true },
    },
  ],
  options: { ...options, exclude: { path: ['\\.spec\\.ts$', '/testing/', 'node_modules'] } },
};
