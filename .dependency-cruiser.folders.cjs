const { options } = require('./.dependency-cruiser.cjs');

/**
 * Areas whose folders have an order: no folder depends, directly or through others, on a folder that
 * depends on it. Imports of types count.
 */
const ordered = [
  'apps/api',
  'libs/application',
  'libs/domain',
  'libs/event-log',
  'libs/platform',
  'libs/read-models',
];

/**
 * A rule set of its own, because it leaves out modules that the other rules need: specs and the
 * `testing` folders that they share may use every folder of their area.
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
