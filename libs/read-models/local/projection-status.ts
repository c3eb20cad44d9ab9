import type { Position } from '../../event-log/event-log.js';
import type { Projection } from '../projection.js';
import type { ProjectionStatus, RebuildStatus } from '../projection-status.js';
import type { ProjectionBuild } from '../store.js';

/** The greatest lag of a live projection: under load the lag is never zero for long. */
const LIVE_LAG = 1_000;

export function statusOf(
  { name, version }: Projection,
  builds: readonly ProjectionBuild[],
  head: Position,
  rebuild?: RebuildStatus,
): ProjectionStatus {
  const live = builds.find((build) => build.projection === name && build.role === 'live');
  const candidate = builds.find((build) => build.projection === name && build.role === 'candidate');
  const position = live?.checkpoint.position ?? -1;
  const lag = Math.max(0, head - position);
  const underWay = candidate
    ? { position: candidate.checkpoint.position, finished: false }
    : rebuild;
  return {
    name,
    version: live?.version ?? version,
    position,
    lag,
    state: stateOf(live, candidate, lag),
    ...(live?.poison ? { error: live.poison } : {}),
    ...(underWay ? { rebuild: underWay } : {}),
  };
}

function stateOf(
  live: ProjectionBuild | undefined,
  candidate: ProjectionBuild | undefined,
  lag: number,
): ProjectionStatus['state'] {
  if (candidate) return 'rebuilding';
  if (live?.poison) return 'stopped';
  return live?.filled && lag <= LIVE_LAG ? 'live' : 'catching-up';
}
