import type { LogReader } from '../../event-log/event-log.js';
import { Backoff } from '../../platform/time/backoff.js';
import { LeaseLost } from '../errors.js';
import type { Projection } from '../projection.js';
import type { Lease, ReadModelStore, ProjectionBuild } from '../store.js';
import { WakeableDelay } from './wakeable-delay.js';
import { BatchWriter } from './batch-writer.js';
import type { EventCatalogue } from './fold-batch.js';
import { ProjectorLease } from './projector-lease.js';
import { type EventBatch, readBatch } from './read-batch.js';
import { Rebuilds } from './rebuilds.js';
import type { ReadModelReporter } from '../report.js';
import { type BuildTask, groupsOf, BuildSet } from './build-set.js';

export interface ProjectorOptions {
  readonly log: LogReader;
  readonly store: ReadModelStore;
  readonly projections: readonly Projection[];
  readonly catalogue: EventCatalogue;
  /** Unique among all processes and workers. */
  readonly holder: string;
  readonly report: ReadModelReporter;
  /** Called after every commit of rows. */
  readonly advanced?: () => void;
  /** Whether a query waits for the next commit; then nothing is delayed. */
  readonly awaited?: () => boolean;
  readonly nowMs?: () => number;
  readonly batchEvents?: number;
  /** How long small batches wait for more events, unless a query waits for them. */
  readonly gatherMs?: number | undefined;
}

const BATCH_EVENTS = 1_000;
/** A build that catches up takes batches this many times larger. */
const CATCH_UP_FACTOR = 4;
/** How often the log is checked for commits of other processes. */
const POLL_MS = 50;
/**
 * Small batches wait for more events: a transaction for every few events would use processor time
 * that orders need.
 */
const GATHER_MS = 20;
const LEASE_RETRY_MS = 500;
const REQUESTS_EVERY_MS = 250;
const FIRST_RETRY_MS = 2 * POLL_MS;
const LAST_RETRY_MS = 5_000;

/** Follows the log and updates the rows of every projection while this process has the lease. */
export class Projector {
  private readonly lease: ProjectorLease;
  private readonly writer: BatchWriter;
  private readonly rebuilds: Rebuilds;
  private readonly idle = new WakeableDelay();
  private readonly gathering = new WakeableDelay();
  /**
   * The delay after a failure and while another process has the lease. New events do not end it, so
   * that an unavailable store is not called for each event.
   */
  private readonly holdingOff = new WakeableDelay();
  private readonly nowMs: () => number;
  private readonly batchEvents: number;
  private builds = new BuildSet();
  private readonly backoff = new Backoff(FIRST_RETRY_MS, LAST_RETRY_MS);
  private requestsAtMs = 0;
  private closed = false;
  private loop: Promise<void> | undefined;

  constructor(private readonly options: ProjectorOptions) {
    this.nowMs = options.nowMs ?? Date.now;
    this.batchEvents = options.batchEvents ?? BATCH_EVENTS;
    this.lease = new ProjectorLease(options.store, options.holder, this.nowMs);
    this.writer = new BatchWriter(options.store, options.catalogue);
    this.rebuilds = new Rebuilds(options.store, options.projections, options.report);
  }

  start(): void {
    this.loop ??= this.follow();
  }

  /** Signals that the log has new events. */
  wake(): void {
    this.idle.ring();
  }

  /** Signals that a query waits for the newest events. */
  hurry(): void {
    this.idle.ring();
    this.gathering.ring();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.hurry();
    this.holdingOff.ring();
    await this.loop;
  }

  private async follow(): Promise<void> {
    while (!this.closed) {
      const next = await this.attempt();
      if (next === 'gather') await this.gathering.rest(this.options.gatherMs ?? GATHER_MS);
      else if (typeof next === 'object') await this.holdingOff.rest(next.holdOffMs);
      else if (next > 0) await this.idle.rest(next);
      // Lets requests run between the batches of a long catch-up.
      else await new Promise((resolve) => setImmediate(resolve));
    }
    await this.lease.release().catch(() => this.lease.forget());
  }

  /** Advances the builds once; returns how long to wait then. */
  private async attempt(): Promise<number | 'gather' | { readonly holdOffMs: number }> {
    try {
      const held = await this.lease.hold();
      const lease = this.lease.current;
      if (lease === undefined) return { holdOffMs: LEASE_RETRY_MS };
      if (held === 'acquired') await this.takeOver(lease);
      const restMs = await this.advance(lease);
      this.backoff.reset();
      return restMs;
    } catch (error) {
      return { holdOffMs: this.failed(error) };
    }
  }

  private async takeOver(lease: Lease): Promise<void> {
    const { store, log, projections, report, holder } = this.options;
    report({ kind: 'lease-acquired', holder });
    this.builds = await BuildSet.take(lease, store, log, projections, report);
  }

  private async advance(lease: Lease): Promise<number | 'gather'> {
    await this.lookForRequests(lease);
    const [foremost, ...others] = groupsOf(this.builds.active());
    if (!foremost) return (await this.rebuilds.step(lease, this.builds)) ? 0 : POLL_MS;

    const [head, leaders] = foremost;
    const task = leaders.some(({ build }) => !build.filled);
    const events = await this.move(
      lease,
      leaders,
      task ? this.batchEvents * CATCH_UP_FACTOR : this.batchEvents,
    );
    for (const [, group] of others)
      await this.move(lease, group, this.batchEvents * CATCH_UP_FACTOR, head);
    const rebuilding = await this.rebuilds.step(lease, this.builds);

    const busy =
      rebuilding ||
      others.length > 0 ||
      events >= this.batchEvents / 2 ||
      this.options.awaited?.() === true;
    if (events > 0) return busy ? 0 : 'gather';
    return rebuilding || others.length > 0 ? 0 : POLL_MS;
  }

  /** Advances a group of builds by one batch; returns the number of events. */
  private async move(
    lease: Lease,
    group: readonly BuildTask[],
    limit: number,
    upTo?: number,
  ): Promise<number> {
    const [first] = group;
    if (!first) return 0;
    const { events, atEnd } = await this.read(first.build.checkpoint.position, limit, upTo);
    if (events.length > 0) {
      const moved = await this.writer.write(lease, group, events);
      for (const build of moved) this.moved(group, build);
    }
    if (atEnd && upTo === undefined) await this.markFilled(lease);
    if (events.length > 0) this.options.advanced?.();
    return events.length;
  }

  /**
   * Reads up to the end that this process knows: it is notified of new events, and need not query a
   * server each time.
   */
  private read(after: number, limit: number, upTo: number | undefined): Promise<EventBatch> {
    return readBatch(
      this.options.log,
      after,
      limit,
      upTo === undefined ? { asKnown: true } : { upTo },
    );
  }

  private moved(group: readonly BuildTask[], build: ProjectionBuild): void {
    const task = group.find((one) => one.build.id === build.id);
    if (task) this.builds.put(task.projection, build);
    if (build.poison)
      this.options.report({
        kind: 'projection-stopped',
        projection: build.projection,
        poison: build.poison,
      });
  }

  /**
   * The most advanced builds have reached the log's end, so their lists are complete from now on.
   */
  private async markFilled(lease: Lease): Promise<void> {
    const [foremost] = groupsOf(this.builds.active());
    for (const { projection, build } of foremost?.[1] ?? []) {
      if (build.filled) continue;
      await this.options.store.markFilled(lease, build, projection);
      this.builds.put(projection, { ...build, filled: true });
      this.options.advanced?.();
    }
  }

  private async lookForRequests(lease: Lease): Promise<void> {
    const now = this.nowMs();
    if (now < this.requestsAtMs) return;
    this.requestsAtMs = now + REQUESTS_EVERY_MS;
    await this.rebuilds.startRequested(lease, this.builds);
  }

  private failed(error: unknown): number {
    const { report, holder } = this.options;
    if (error instanceof LeaseLost) {
      this.lease.forget();
      report({ kind: 'lease-lost', holder });
      return LEASE_RETRY_MS;
    }
    const retryInMs = this.backoff.nextMs();
    // The memory may differ from what was written, so the store is read again under a new token.
    this.lease.forget();
    report({
      kind: 'projector-failed',
      reason: String((error as { message?: unknown }).message ?? error),
      retryInMs,
    });
    return retryInMs;
  }
}
