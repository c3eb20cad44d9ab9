/**
 * The limits of one caller, and how long the service waits for a client. Each process counts on its
 * own.
 */
export interface LimitSettings {
  readonly maxConnections: number;
  /** Per principal; anonymous callers are counted by address. */
  readonly requestsInFlight: number;
  readonly requestsPerSecond: number;
  readonly liveStreams: number;
  readonly uploads: number;
  /** For all principals together. */
  readonly uploadsInAll: number;
  readonly refusedOrdersPerMinute: number;
  /** Per address: requests without a valid credential. */
  readonly unauthorizedPerMinute: number;
  /** A client that reads nothing of an answer for this long is disconnected. */
  readonly stalledClientMs: number;
  /** The service stops reading a body that brings fewer bytes within this window. */
  readonly uploadFloor: { readonly bytes: number; readonly windowMs: number };
}

/** Reads a whole number from the environment, or reports why it is invalid. */
export type ReadCount = (
  name: string,
  unset: number,
  range: { readonly min: number; readonly max: number },
) => number;

const A_MINUTE_MS = 60_000;
const count = { min: 1, max: 1_000_000 };

export function readLimitSettings(read: ReadCount): LimitSettings {
  return {
    maxConnections: read('MAX_CONNECTIONS', 4096, count),
    requestsInFlight: read('LIMIT_REQUESTS_IN_FLIGHT', 256, count),
    requestsPerSecond: read('LIMIT_REQUESTS_PER_SECOND', 10_000, count),
    liveStreams: read('LIMIT_LIVE_STREAMS', 5, count),
    uploads: read('LIMIT_UPLOADS', 2, count),
    uploadsInAll: read('LIMIT_UPLOADS_IN_ALL', 8, count),
    refusedOrdersPerMinute: read('LIMIT_REFUSED_ORDERS_PER_MINUTE', 6000, count),
    unauthorizedPerMinute: read('LIMIT_UNAUTHORIZED_PER_MINUTE', 6000, count),
    stalledClientMs: read('STALLED_CLIENT_SECONDS', 60, { min: 1, max: 86_400 }) * 1000,
    uploadFloor: {
      bytes: read('UPLOAD_FLOOR_BYTES_PER_MINUTE', 61_440, { min: 1, max: 1_073_741_824 }),
      windowMs: A_MINUTE_MS,
    },
  };
}

/** The limits without any configuration. */
export const usualLimits: LimitSettings = readLimitSettings((_name, unset) => unset);
