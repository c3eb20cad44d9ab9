import { setTimeout as delay } from 'node:timers/promises';
import type { Member } from '../deployment/member.js';
import { type Disturbance, disturbances } from '../deployment/double-server.js';
import type { Deployment } from '../deployment/deployment.js';
import type { PlannedFault } from './plan.js';

/** A fault that was injected. */
export interface Fault {
  readonly kind: PlannedFault['kind'];
  readonly hit: readonly string[];
  readonly beganAtMs: number;
  /** When everything runs again. */
  readonly overAtMs: number;
}

type How = 'kill' | 'pause' | 'stop';

/**
 * Injects one fault: stops or pauses its target as long as planned, then restarts or resumes it and
 * waits until it is ready.
 */
export async function inject(
  deployment: Deployment,
  { kind, holdMs, choice }: PlannedFault,
): Promise<Fault> {
  const beganAtMs = Date.now();
  if (kind === 'crash-postgres') {
    await deployment.crashPostgres?.(holdMs);
    return { kind, hit: ['postgres'], beganAtMs, overAtMs: Date.now() };
  }
  if (isDisturbance(kind)) {
    await deployment.log.disturb?.(kind, holdMs);
    return {
      kind,
      hit: deployment.log.nodes.map(({ name }) => name),
      beganAtMs,
      overAtMs: Date.now(),
    };
  }
  const hits = await targets(deployment, kind, choice);
  await Promise.all(hits.map(({ member, how }) => begin(member, how)));
  await delay(holdMs);
  await Promise.all(hits.map(({ member, how }) => finish(member, how)));
  await deployment.log.untilWhole();
  return { kind, hit: hits.map(({ member }) => member.name), beganAtMs, overAtMs: Date.now() };
}

const isDisturbance = (kind: PlannedFault['kind']): kind is Disturbance =>
  (disturbances as readonly string[]).includes(kind);

interface Hit {
  readonly member: Member;
  readonly how: How;
}

async function targets(
  { log, apis, projectors }: Deployment,
  kind: Exclude<PlannedFault['kind'], 'crash-postgres' | Disturbance>,
  choice: number,
): Promise<readonly Hit[]> {
  // the embedded log has no server, and no fault that needs one
  const leader = (await log.leader()) ?? log.nodes[0]!;
  const followers = log.nodes.filter((node) => node !== leader);
  const one = (of: readonly Member[]): Member => of[choice % of.length]!;
  const [api, projector] = [
    one(apis.map(({ member }) => member)),
    one(projectors.map(({ member }) => member)),
  ];
  const all = (members: readonly Member[], how: How): readonly Hit[] =>
    members.map((member) => ({ member, how }));
  switch (kind) {
    case 'kill-leader':
      return [{ member: leader, how: 'kill' }];
    case 'pause-leader':
      return [{ member: leader, how: 'pause' }];
    case 'stop-leader':
      return [{ member: leader, how: 'stop' }];
    case 'kill-follower':
      return [{ member: one(followers), how: 'kill' }];
    case 'pause-follower':
      return [{ member: one(followers), how: 'pause' }];
    case 'kill-all-nodes':
      return all(log.nodes, 'kill');
    case 'pause-all-nodes':
      return all(log.nodes, 'pause');
    case 'kill-majority':
      return all([leader, one(followers)], 'kill');
    case 'kill-leader-and-api':
      return all([leader, api], 'kill');
    case 'pause-leader-kill-api':
      return [...all([leader], 'pause'), ...all([api], 'kill')];
    case 'kill-api':
      return all([api], 'kill');
    case 'pause-api':
      return all([api], 'pause');
    case 'stop-api':
      return all([api], 'stop');
    case 'kill-all-apis':
      return all(apis.map(({ member }) => member), 'kill'); // prettier-ignore
    case 'kill-projector':
      return all([projector], 'kill');
    case 'pause-projector':
      return all([projector], 'pause');
    case 'kill-all-projectors':
      return all(projectors.map(({ member }) => member), 'kill'); // prettier-ignore
  }
}

function begin(member: Member, how: How): Promise<void> {
  if (how === 'kill') return member.kill();
  if (how === 'stop') return member.stop();
  member.pause();
  return Promise.resolve();
}

function finish(member: Member, how: How): Promise<void> {
  if (how !== 'pause') return member.start();
  member.resume();
  return Promise.resolve();
}
