import type { StoredEvent } from './transaction-log.js';
import { nameOf, type WireReadOptions, type WireReadReply, type WireUuid } from './wire.js';

export type UuidForm = NonNullable<NonNullable<WireReadOptions['uuid']>['form']>;

/** An event in the form of a read response. */
export function recorded(event: StoredEvent, form: UuidForm): WireReadReply {
  const { stream, revision, position, type, isJson, createdMs, data, metadata } = event;
  return {
    event: {
      event: {
        id: wireUuid(event.id, form),
        stream: nameOf(stream),
        revision,
        prepare: position,
        commit: position,
        properties: {
          type,
          created: String(BigInt(Math.round(createdMs)) * TICKS_PER_MS),
          'content-type': isJson ? 'application/json' : 'application/octet-stream',
        },
        metadata,
        data,
      },
      commit: position,
    },
  };
}

const TICKS_PER_MS = 10_000n;

export function wireUuid(id: string, form: UuidForm): WireUuid {
  if (form === 'text') return { text: id };
  const bits = BigInt(`0x${id.replaceAll('-', '')}`);
  return {
    halves: { high: String(BigInt.asIntN(64, bits >> 64n)), low: String(BigInt.asIntN(64, bits)) },
  };
}
