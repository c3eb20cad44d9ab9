import { describe, expect, it } from '@jest/globals';
import { readOptions } from './options.js';
import { commandWords } from './deployment/command-words.js';

describe('the options of a run', () => {
  it('are one node and then three, twelve faults each, by default', () => {
    expect(readOptions([], { SEKISHO_SEED: '7' })).toEqual({
      ...{
        topologies: ['one-node', 'three-nodes'],
        faults: 12,
        minutes: 30,
        seed: 7,
        apis: 3,
        projectors: 2,
      },
      ...{ withContract: true, keep: false },
    });
  });

  it.each([
    [['--three-nodes', '--faults', '60'], { topologies: ['three-nodes'], faults: 60 }],
    [['--embedded', '--double', '--one-node'], { topologies: ['one-node', 'double', 'embedded'] }],
    [['--seed', '0'], { seed: 0 }],
    [['--no-contract', '--keep'], { withContract: false, keep: true }],
  ])('%j', (args, options) => {
    expect(readOptions(args, { SEKISHO_SEED: '7' })).toMatchObject(options);
  });

  it.each([
    [['--faults', '-1']],
    [['--seed', 'x']],
    [['--apis', '0']],
    [['--apis', '9']],
    [['--four-nodes']],
    [['more']],
  ])('refuse %j', (args) => {
    expect(readOptions(args, {})).toEqual(expect.any(String));
  });

  it('have a usage', () => {
    expect(readOptions(['--help'], {})).toBeUndefined();
  });
});

describe('the words of a server command', () => {
  it.each([
    ['dotnet /opt/es/EventStore.ClusterNode.dll', ['dotnet', '/opt/es/EventStore.ClusterNode.dll']],
    [`"/opt/my es/node"  --x 'a b'`, ['/opt/my es/node', '--x', 'a b']],
  ])('%s', (line, words) => {
    expect(commandWords(line)).toEqual(words);
  });

  it('must not be empty', () => {
    expect(() => commandWords('  ')).toThrow('empty');
  });
});
