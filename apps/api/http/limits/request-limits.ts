import type { LimitSettings } from '../../../../libs/platform/limit-settings.js';
import { Admission } from './admission.js';
import { type Caller, Callers } from './callers.js';
import type { LimitName, LimitReached } from './limit-reached.js';

/** The properties of a request that its limits depend on. */
export interface RequestedWork {
  readonly isUpload: boolean;
  /** A refusal of the request appends an event. */
  readonly isOrder: boolean;
}

export interface RequestLimitsOptions {
  /** A clock in milliseconds that never goes back. */
  readonly nowMs?: () => number;
  /** Called for every refusal. */
  readonly onReached?: (limit: LimitName) => void;
}

/**
 * The `Retry-After` for a limit on requests, streams or uploads in progress. Their end is not
 * known, so this is an estimate.
 */
const WAIT_SECONDS = { request: 1, stream: 10, upload: 10 } as const;

/** All limits of a caller. Each process applies them by itself. */
export class RequestLimits {
  private readonly callers: Callers;
  private readonly nowMs: () => number;
  private readonly onReached: (limit: LimitName) => void;
  private uploads = 0;
  private streams = 0;

  constructor(
    readonly settings: LimitSettings,
    { nowMs = () => performance.now(), onReached = () => undefined }: RequestLimitsOptions = {},
  ) {
    this.callers = new Callers(settings);
    this.nowMs = nowMs;
    this.onReached = onReached;
  }

  get liveStreams(): number {
    return this.streams;
  }

  /**
   * Admits the request, or returns the limit that it exceeds. An admitted request must be released.
   */
  enter(callerName: string, work: RequestedWork): Admission | LimitReached {
    const nowMs = this.nowMs();
    const caller = this.callers.of(callerName, nowMs);
    return this.reached(this.exceeded(caller, work, nowMs)) ?? this.admitted(caller, work, nowMs);
  }

  /**
   * Counts a request without a valid credential from this address; returns the limit when it is
   * reached.
   */
  unauthorized(address: string): LimitReached | undefined {
    const nowMs = this.nowMs();
    const { unauthorized } = this.callers.of(address, nowMs);
    const { most } = unauthorized;
    if (unauthorized.isFull(nowMs))
      return this.reached({
        limit: 'unauthorized-per-minute',
        most,
        retryAfterSeconds: seconds(unauthorized.freeInMs(nowMs)),
      });
    unauthorized.add(nowMs);
    return undefined;
  }

  private exceeded(
    caller: Caller,
    { isUpload, isOrder }: RequestedWork,
    nowMs: number,
  ): LimitReached | undefined {
    const { requestsInFlight, uploads, uploadsInAll } = this.settings;
    const { requests, refusedOrders, ordersUnderWay } = caller;
    if (requests.isFull(nowMs))
      return {
        limit: 'requests-per-second',
        most: requests.most,
        retryAfterSeconds: seconds(requests.freeInMs(nowMs)),
      };
    if (caller.inFlight >= requestsInFlight)
      return {
        limit: 'requests-in-flight',
        most: requestsInFlight,
        retryAfterSeconds: WAIT_SECONDS.request,
      };
    if (isUpload && caller.uploads >= uploads)
      return { limit: 'uploads', most: uploads, retryAfterSeconds: WAIT_SECONDS.upload };
    if (isUpload && this.uploads >= uploadsInAll)
      return {
        limit: 'uploads-in-all',
        most: uploadsInAll,
        retryAfterSeconds: WAIT_SECONDS.upload,
      };
    if (isOrder && refusedOrders.isFull(nowMs, ordersUnderWay))
      return {
        limit: 'refused-orders-per-minute',
        most: refusedOrders.most,
        retryAfterSeconds: seconds(refusedOrders.freeInMs(nowMs)),
      };
    return undefined;
  }

  private admitted(caller: Caller, { isUpload, isOrder }: RequestedWork, nowMs: number): Admission {
    caller.requests.add(nowMs);
    caller.inFlight += 1;
    if (isUpload) caller.uploads += 1;
    if (isUpload) this.uploads += 1;
    if (isOrder) caller.ordersUnderWay += 1;
    return new Admission({
      openStream: () => this.openStream(caller),
      orderRefused: () => caller.refusedOrders.add(this.nowMs()),
      leave: (isStream) => {
        if (isStream) caller.streams -= 1;
        if (isStream) this.streams -= 1;
        if (!isStream) caller.inFlight -= 1;
        if (isUpload) caller.uploads -= 1;
        if (isUpload) this.uploads -= 1;
        if (isOrder) caller.ordersUnderWay -= 1;
      },
    });
  }

  /** A live stream takes a place among the streams and releases its place among the requests. */
  private openStream(caller: Caller): LimitReached | undefined {
    const { liveStreams } = this.settings;
    if (caller.streams >= liveStreams)
      return this.reached({
        limit: 'live-streams',
        most: liveStreams,
        retryAfterSeconds: WAIT_SECONDS.stream,
      });
    caller.inFlight -= 1;
    caller.streams += 1;
    this.streams += 1;
    return undefined;
  }

  private reached(limit: LimitReached | undefined): LimitReached | undefined {
    if (limit) this.onReached(limit.limit);
    return limit;
  }
}

const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));
