import { parseArgs } from 'node:util';
import { serveControl } from './control.js';
import { EventStoreDouble } from './event-store-double.js';
import { isFaultKind } from './faults.js';

/**
 * Runs the double as a process. Prints one line of JSON, `{ "url", "controlUrl" }`, when it
 * listens, and ends when its standard input does, so that it does not outlive its parent.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'control-port': { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    /** Share of the calls that random faults affect, 0 … 1. */
    'fault-share': { type: 'string', default: '0' },
    /** Share of the subscriptions that they affect; by default the same. */
    'delivery-share': { type: 'string' },
    /** Their kinds, separated by commas. */
    faults: { type: 'string', default: '' },
    'clock-offset-ms': { type: 'string', default: '0' },
    'commit-timeout-ms': { type: 'string', default: '2000' },
    /** Whether it keeps running when its standard input ends. */
    detached: { type: 'boolean', default: false },
  },
});

const double = await EventStoreDouble.start({
  port: Number(values.port),
  commitTimeoutMs: Number(values['commit-timeout-ms']),
});
double.clockOffsetMs = Number(values['clock-offset-ms']);
const kinds = values.faults.split(',').filter((kind) => kind !== '');
const unknown = kinds.find((kind) => !isFaultKind(kind));
if (unknown !== undefined) throw new Error(`no fault is called ${unknown}`);
if (kinds.length > 0) {
  const share = Number(values['fault-share']);
  const deliveryShare = Number(values['delivery-share'] ?? share);
  double.faults.atRandom({
    seed: Number(values.seed),
    share,
    deliveryShare,
    kinds: kinds.filter(isFaultKind),
  });
}

const control = await serveControl(double, Number(values['control-port']));
console.log(JSON.stringify({ url: double.url, controlUrl: `http://127.0.0.1:${control.port}` }));
if (!values.detached) process.stdin.resume().on('end', () => process.exit(0));
