import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { v5 } from 'uuid';
import { commandId, eventId, partnerId, streamName } from '../domain/shared/ids.js';
import {
  commandIdFrom,
  importIdOf,
  newEventId,
  orderIdOf,
  processCommandId,
  randomCommandId,
  revenueIdOf,
  stepCommandId,
} from './identity.js';

const command = commandId('018f3c5e-7d7a-7000-8000-000000000001');
const trigger = eventId('90a3509c-4735-5334-aa61-29238e7c873d');
const event = {
  commandId: command,
  index: 0,
  stream: streamName('customer-1'),
  type: 'CustomerClosed',
  version: 1,
  data: { on: '2026-11-22', n: 1 },
};

// Stored forms: if one of these changed, repeated requests would not find the result of the first.
const KNOWN = [
  ['a keyed command', commandIdFrom('key:orders', 'k-1'), '29c2a660-6ff9-5f7e-9fa0-c7ee599e7e61'],
  [
    'a keyed command of a person',
    commandIdFrom('jwt:https://login.example|7', '注文 1'),
    'b7c8c2df-2698-5439-8468-81b6335ae34b',
  ],
  [
    "a process's command",
    processCommandId('standing', trigger, 'void'),
    '2140cac6-039e-5a68-95b1-ed400e81188f',
  ],
  [
    'a secondary append',
    stepCommandId(command, streamName('customer-1')),
    '9ea3d09e-54b3-5d47-b69d-5d3cb86a2251',
  ],
  ['an event', newEventId(event), '26952b4d-f7d0-5161-ae55-fbead9d7dc76'],
  ['an order', orderIdOf(command), '9add8ae9-2999-5252-8ad0-59a3d42ec3ae'],
  ['an import', importIdOf(command), 'e9c76b45-1c32-5e70-aa1a-a20b46bef1e4'],
  [
    'an entry of revenue',
    revenueIdOf(partnerId('kansai-cloud'), '請求書', '2026-10/1'),
    '2bd5df41-d2b3-5d12-9aca-c2a503413d01',
  ],
] as const;

describe('identity', () => {
  it.each(KNOWN)('%s', (_, id, known) => {
    expect(id).toBe(known);
  });

  it('is UUIDv5 of the canonical array, as the library derives it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (principal, key) => {
        fc.pre(!`${principal}${key}`.includes('\0'));
        expect(commandIdFrom(principal, key)).toBe(
          v5(canonicalize([principal, key])!, '10155d91-a554-487a-8d54-6ce2b3e2292e'),
        );
      }),
    );
  });

  it("uses the digest of an event's data, with its members in any order", () => {
    const digest = createHash('sha256').update(canonicalize(event.data)!).digest('hex');
    const name = canonicalize([command, 0, 'customer-1', 'CustomerClosed', 1, digest])!;
    expect(newEventId(event)).toBe(v5(name, '90a3509c-4735-4334-aa61-29238e7c873d'));
    expect(newEventId({ ...event, data: { n: 1, on: '2026-11-22' } })).toBe(newEventId(event));
  });

  it.each([
    ['command', { commandId: commandIdFrom('key:orders', 'k-2') }],
    ['index', { index: 1 }],
    ['stream', { stream: streamName('customer-2') }],
    ['type', { type: 'CustomerRegistered' }],
    ['version', { version: 2 }],
    ['data', { data: { on: '2026-11-23', n: 1 } }],
  ])('returns another event id for another %s', (_, change) => {
    expect(newEventId({ ...event, ...change })).not.toBe(newEventId(event));
  });

  it.each([
    ['partner', revenueIdOf(partnerId('kansai'), 'invoices', '1/1')],
    ['source', revenueIdOf(partnerId('kansai-cloud'), 'Invoices', '1/1')],
    ['reference', revenueIdOf(partnerId('kansai-cloud'), 'invoices', '1')],
    ['place of the boundary', revenueIdOf(partnerId('kansai-cloud'), 'invoices/1', '1')],
  ])('returns another revenue id for another %s', (_, other) => {
    expect(other).not.toBe(revenueIdOf(partnerId('kansai-cloud'), 'invoices', '1/1'));
  });

  it('returns different ids for different kinds', () => {
    const ids = [
      orderIdOf(command),
      importIdOf(command),
      stepCommandId(command, streamName('a')),
      commandIdFrom(command, 'a'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('makes a new command of each request without a key, in the order of time', () => {
    const ids = Array.from({ length: 100 }, randomCommandId);
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(100);
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
