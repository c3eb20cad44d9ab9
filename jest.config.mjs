import { availableParallelism } from 'node:os';

const swc = {
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
  module: { type: 'es6' },
  // Beside the code, not in it: V8 and Jest read every byte of a module in each suite.
  sourceMaps: true,
  swcrc: false,
};

export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test'],
  // An option without documentation: the class that loads the modules of a suite.
  runtime: '<rootDir>/test/support/jest-runtime.mjs',
  testMatch: ['**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  // Sources are TypeScript, so Jest tries this extension first.
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  // One worker more than there are cores: some suites mostly wait for servers, deadlines and
  // processes.
  maxWorkers: availableParallelism() + 1,
  testTimeout: 20_000,
};
