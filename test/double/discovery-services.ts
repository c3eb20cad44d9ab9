import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import { replying } from './append-service.js';
import type { Node, NodeMember } from './node.js';
import { wireUuid } from './recorded-event.js';
import { ServerCall } from './server-call.js';
import type { WireMember } from './wire.js';

/** `ServerFeatures`: the answer of the real server of this version about the streams service. */
export function supportedMethodsHandler(node: Node) {
  return (call: ServerUnaryCall<unknown, unknown>, answer: sendUnaryData<unknown>): void => {
    void replying(answer, async () => {
      await passed(new ServerCall(node, call, 'supportedMethods', ''));
      return { serverVersion: '24.6.0', methods: METHODS };
    });
  };
}

const STREAMS = 'event_store.client.streams.streams';
const METHODS = [
  { service: STREAMS, method: 'read', features: ['position', 'events'] },
  { service: STREAMS, method: 'append' },
  { service: STREAMS, method: 'delete' },
  { service: STREAMS, method: 'tombstone' },
  { service: STREAMS, method: 'batchappend', features: ['deadline_duration'] },
  { service: 'event_store.client.gossip.gossip', method: 'read' },
  { service: 'event_store.client.server_features.serverfeatures', method: 'getsupportedmethods' },
];

/** `Gossip`: the nodes that this one knows. */
export function gossipHandler(node: Node) {
  return (
    call: ServerUnaryCall<unknown, { members: readonly WireMember[] }>,
    answer: sendUnaryData<{ members: readonly WireMember[] }>,
  ): void => {
    void replying(answer, async () => {
      await passed(new ServerCall(node, call, 'gossip', ''));
      return { members: node.members().map((member) => wireMember(member, node.nowMs())) };
    });
  };
}

const STATES = { unknown: 2, follower: 6, leader: 8 };

const wireMember = (
  { instanceId, state, isAlive, host, port }: NodeMember,
  nowMs: number,
): WireMember => ({
  instanceId: wireUuid(instanceId, 'halves'),
  seenAtTicks: String(BigInt(Math.round(nowMs)) * 10_000n),
  state: STATES[state],
  isAlive,
  http: { address: host, port },
});

/** A query has no effect, so faults before and after the effect are both applied here. */
async function passed(visit: ServerCall): Promise<void> {
  await visit.arrive();
  await visit.leave();
}
