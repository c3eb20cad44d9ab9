import { join } from 'node:path';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/**
 * The decoded messages of the protos in this folder: 64-bit integers as strings, oneofs by name.
 */
type Nothing = Record<string, never>;

export interface WireUuid {
  readonly text?: string;
  readonly halves?: { readonly high?: string; readonly low?: string };
}
export interface WireStreamName {
  readonly name: Uint8Array;
}
export interface WirePosition {
  readonly commit?: string | number;
  readonly prepare?: string | number;
}
export interface WireExpected {
  readonly expected?: 'revision' | 'noStream' | 'any' | 'streamExists';
  readonly revision?: string;
}
export interface WireProposed {
  readonly id?: WireUuid;
  readonly properties?: Readonly<Record<string, string>>;
  readonly metadata?: Uint8Array;
  readonly data?: Uint8Array;
}
export interface WireAppendOptions extends WireExpected {
  readonly stream?: WireStreamName;
}
export interface WireAppendRequest {
  readonly options?: WireAppendOptions;
  readonly proposed?: WireProposed;
}
export interface WireAppended {
  readonly currentRevision?: number;
  readonly noStream?: Nothing;
  readonly position?: WirePosition;
}
export interface WireAppendReply {
  readonly success?: WireAppended;
  readonly conflict?: Readonly<Record<string, number | Nothing>>;
}
export interface WireBatchRequest {
  readonly correlationId?: WireUuid;
  readonly options?: WireAppendOptions & {
    readonly deadline?: { readonly seconds?: string; readonly nanos?: number };
  };
  readonly proposed?: readonly WireProposed[];
  readonly isFinal?: boolean;
}
export interface WireBatchReply {
  readonly correlationId?: WireUuid;
  readonly error?: { readonly code: number; readonly message: string; readonly details: WireAny };
  readonly success?: WireAppended;
  readonly stream?: WireStreamName;
}
export interface WireAny {
  readonly typeUrl: string;
  readonly value: Uint8Array;
}
export interface WireDeleteRequest {
  readonly options?: WireAppendOptions;
}
export interface WireDeleteReply {
  readonly position?: WirePosition;
}
export interface WireMatch {
  readonly regex?: string;
  readonly prefixes?: readonly string[];
}
export interface WireFilter {
  readonly streamName?: WireMatch;
  readonly eventType?: WireMatch;
  readonly window?: 'max' | 'unlimited';
  readonly max?: number;
  readonly checkpointInterval?: number;
}
export interface WireReadOptions {
  readonly stream?: {
    readonly stream?: WireStreamName;
    readonly from?: 'revision' | 'start' | 'end';
    readonly revision?: string;
  };
  readonly all?: { readonly from?: 'position' | 'start' | 'end'; readonly position?: WirePosition };
  readonly direction?: number;
  readonly extent?: 'count' | 'subscription';
  readonly count?: string;
  readonly filter?: WireFilter;
  readonly uuid?: { readonly form?: 'halves' | 'text' };
}
export interface WireReadRequest {
  readonly options?: WireReadOptions;
}
export interface WireRecorded {
  readonly id: WireUuid;
  readonly stream: WireStreamName;
  readonly revision: number;
  readonly prepare: number;
  readonly commit: number;
  readonly properties: Readonly<Record<string, string>>;
  readonly metadata: Uint8Array;
  readonly data: Uint8Array;
}
export interface WireReadReply {
  readonly event?: { readonly event: WireRecorded; readonly commit: number };
  readonly confirmation?: { readonly subscriptionId: string };
  readonly checkpoint?: WirePosition;
  readonly streamNotFound?: { readonly stream: WireStreamName };
  readonly caughtUp?: Nothing;
}
export interface WireMember {
  readonly instanceId: WireUuid;
  readonly seenAtTicks: string;
  readonly state: number;
  readonly isAlive: boolean;
  readonly http: { readonly address: string; readonly port: number };
}

const definition = loadSync(['streams.proto', 'gossip.proto', 'server_features.proto'], {
  includeDirs: [join(import.meta.dirname, 'protos')],
  longs: String,
  oneofs: true,
});

/** The loader returns a service's methods, and a message's type, which is not used here. */
const service = (name: string): ServiceDefinition => definition[name] as ServiceDefinition;

export const services = {
  streams: service('event_store.client.streams.Streams'),
  gossip: service('event_store.client.gossip.Gossip'),
  serverFeatures: service('event_store.client.server_features.ServerFeatures'),
};

/**
 * Fields of a message that a batched append's error carries packed: a few varints, written by hand.
 */
export function packed(
  message: string,
  fields: readonly (readonly [number: number, value: number | bigint | Uint8Array])[],
): WireAny {
  const bytes: number[] = [];
  const varint = (value: bigint): void => {
    for (let rest = value; ; rest >>= 7n) {
      if (rest < 128n) return void bytes.push(Number(rest));
      bytes.push(Number(rest & 127n) | 128);
    }
  };
  for (const [number, value] of fields) {
    const isBytes = value instanceof Uint8Array;
    varint(BigInt((number << 3) | (isBytes ? 2 : 0)));
    if (!isBytes) varint(BigInt(value));
    else {
      varint(BigInt(value.length));
      bytes.push(...value);
    }
  }
  return { typeUrl: `type.googleapis.com/${message}`, value: Uint8Array.from(bytes) };
}

const text = new TextDecoder();

export const textOf = (name: WireStreamName | undefined): string => text.decode(name?.name);
export const nameOf = (stream: string): WireStreamName => ({ name: Buffer.from(stream) });

export function uuidOf(uuid: WireUuid | undefined): string {
  if (uuid?.text !== undefined) return uuid.text.toLowerCase();
  const hex = (half: string | undefined): string =>
    BigInt.asUintN(64, BigInt(half ?? 0))
      .toString(16)
      .padStart(16, '0');
  const all = hex(uuid?.halves?.high) + hex(uuid?.halves?.low);
  return [
    all.slice(0, 8),
    all.slice(8, 12),
    all.slice(12, 16),
    all.slice(16, 20),
    all.slice(20),
  ].join('-');
}
