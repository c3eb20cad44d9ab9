import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DoubleProcess } from './double-process.js';
import { event, failure, World } from './semantics/world.js';

describe('the double as a process', () => {
  let running: DoubleProcess;
  let world: World;

  beforeAll(async () => {
    running = await DoubleProcess.start('--commit-timeout-ms', '50');
    world = new World(running.url);
  });
  afterAll(async () => {
    await running.stop();
    await world.dispose();
  });

  it('serves the client, and returns its events and calls', async () => {
    await world.append('a', event(), 'no_stream');
    expect(await running.send('calls')).toEqual({ append: 1 });
    expect(await running.send('events')).toMatchObject([
      { stream: world.stream('a'), revision: 0, type: 'T', data: '{}' },
    ]);
  });

  it('takes faults over its control port', async () => {
    const { fault } = await running.send('addFault', {
      kind: 'commit-timeout',
      programme: { streamPattern: '\\.b$' },
    });
    expect(await failure(world.append('a', event(), 'any'))).toHaveProperty('answered');
    expect(await failure(world.append('b', event(), 'any'))).toMatchObject({ is: 'TimeoutError' });
    expect(await running.send('hitsOfFault', { fault })).toEqual({ hits: 1 });
    await running.send('refuse');
    expect(await failure(world.append('a', event(), 'any'))).toMatchObject({ code: 14 });
    await running.send('accept');
  });

  it('reports the error in a command', async () => {
    await expect(running.send('hitsOfFault', { fault: 99 })).rejects.toThrow('no fault 99');
    expect((await fetch(`${running.controlUrl}/toString`, { method: 'POST' })).status).toBe(404);
  });

  it('applies random faults from the seed in its flags', async () => {
    const faulty = await DoubleProcess.start(
      '--faults',
      'too-busy',
      '--fault-share',
      '1',
      '--seed',
      '3',
    );
    const other = new World(faulty.url);
    expect(await failure(other.append('a', event(), 'any'))).toMatchObject({
      is: 'UnavailableError',
    });
    expect(await faulty.send('randomHits')).toEqual({ 'too-busy': 1 });
    await faulty.stop();
    await other.dispose();
  });
});
