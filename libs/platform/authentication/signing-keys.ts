import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

/** The signing keys could not be fetched, so the token can be neither accepted nor refused. */
export class SigningKeysUnavailable extends Error {
  override readonly name = 'SigningKeysUnavailable';
}

/** The keys of one answer of the issuer. An answer with the same text gives the same object. */
export interface KeySet {
  readonly keyOf: JWTVerifyGetKey;
}

/**
 * Older keys are not used, so a withdrawn key stops working within a minute, including the fetch.
 */
const MAX_AGE_MS = 50_000;
/** Older keys are refreshed in the background, so that no request waits for the issuer. */
const REFRESH_AFTER_MS = 25_000;
/** Minimum time between two fetches: tokens with unknown key ids do not each cause a fetch. */
const COOLDOWN_MS = 5_000;
const FETCH_TIMEOUT_MS = 5_000;
const MAX_BYTES = 256 * 1024;

export interface SigningKeysOptions {
  readonly fetchText?: (url: string) => Promise<string>;
  readonly nowMs?: () => number;
}

/** The keys at the issuer's URL. At most one fetch is in progress at a time. */
export class SigningKeys {
  private latest:
    { readonly set: KeySet; readonly text: string; readonly askedAtMs: number } | undefined;
  private pending: Promise<void> | undefined;
  private askedAtMs = -Infinity;
  private readonly fetchText: (url: string) => Promise<string>;
  private readonly nowMs: () => number;

  constructor(
    private readonly url: string,
    { fetchText = fetchKeys, nowMs = Date.now }: SigningKeysOptions = {},
  ) {
    this.fetchText = fetchText;
    this.nowMs = nowMs;
  }

  /** Returns keys that are recent enough. Throws SigningKeysUnavailable. */
  async current(): Promise<KeySet> {
    const { latest } = this;
    const ageMs = latest ? this.nowMs() - latest.askedAtMs : Infinity;
    if (latest && ageMs < MAX_AGE_MS) {
      // A negative age: the machine's clock was set back.
      if (ageMs >= REFRESH_AFTER_MS || ageMs < 0) this.refresh().catch(() => undefined);
      return latest.set;
    }
    return this.newest();
  }

  /**
   * Returns keys fetched now or within the cooldown: for a token whose key is not among `current`.
   */
  async newest(): Promise<KeySet> {
    await this.refresh();
    if (!this.latest) throw this.unavailable();
    return this.latest.set;
  }

  private refresh(): Promise<void> {
    if (this.pending) return this.pending;
    const askedAtMs = this.nowMs();
    const sinceMs = askedAtMs - this.askedAtMs;
    if (sinceMs >= 0 && sinceMs < COOLDOWN_MS) {
      return this.latest?.askedAtMs === this.askedAtMs
        ? Promise.resolve()
        : Promise.reject(this.unavailable());
    }
    this.askedAtMs = askedAtMs;
    this.pending = this.read(askedAtMs).finally(() => (this.pending = undefined));
    return this.pending;
  }

  private async read(askedAtMs: number): Promise<void> {
    try {
      const text = await this.fetchText(this.url);
      // jose refuses a value that is not a key set.
      const set =
        this.latest?.text === text
          ? this.latest.set
          : { keyOf: createLocalJWKSet(JSON.parse(text) as JSONWebKeySet) };
      this.latest = { set, text, askedAtMs };
    } catch (error) {
      throw this.unavailable(error);
    }
  }

  private unavailable(cause?: unknown): SigningKeysUnavailable {
    // Without the query, which may contain a token: the message is logged.
    const { origin, pathname } = new URL(this.url);
    return new SigningKeysUnavailable(
      `the signing keys at ${origin}${pathname} cannot be fetched`,
      { cause },
    );
  }
}

/** Fetches the keys without following redirects, within a time and size limit. */
export async function fetchKeys(url: string): Promise<string> {
  const response = await fetch(url, {
    redirect: 'manual',
    headers: { accept: 'application/json, application/jwk-set+json' },
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
  });
  if (response.status !== 200 || !response.body) {
    await response.body?.cancel();
    throw new Error(`it answered ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error(`it answered more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
}
