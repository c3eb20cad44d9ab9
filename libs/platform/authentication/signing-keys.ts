import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

/** The signing keys could not be fetched: nothing is known of the token, good or bad. */
export class SigningKeysUnavailable extends Error {
  override readonly name = 'SigningKeysUnavailable';
}

/** The issuer's keys as one answer had them. An answer with the same keys keeps the same object. */
export interface KeySet {
  readonly keyOf: JWTVerifyGetKey;
}

/**
 * Beyond this age keys are not used: a withdrawn key stops working within a minute, the fetch
 * included.
 */
const MAX_AGE_MS = 50_000;
/**
 * From this age on they are fetched again beside the requests that use them, so that no request
 * waits for the issuer.
 */
const REFRESH_AFTER_MS = 25_000;
/**
 * Between two fetches, successful or not: whoever sends tokens with unknown key ids causes no fetch
 * each.
 */
const COOLDOWN_MS = 5_000;
const FETCH_TIMEOUT_MS = 5_000;
const MAX_BYTES = 256 * 1024;

export interface SigningKeysOptions {
  readonly fetchText?: (url: string) => Promise<string>;
  readonly nowMs?: () => number;
}

/** The keys at the issuer's URL. Whatever asks for them, one fetch at most is under way. */
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

  /** Keys that are young enough. Throws SigningKeysUnavailable. */
  async current(): Promise<KeySet> {
    const { latest } = this;
    const ageMs = latest ? this.nowMs() - latest.askedAtMs : Infinity;
    if (latest && ageMs < MAX_AGE_MS) {
      // The clock of the machine may have been set back.
      if (ageMs >= REFRESH_AFTER_MS || ageMs < 0) this.refresh().catch(() => undefined);
      return latest.set;
    }
    return this.newest();
  }

  /**
   * Keys that were asked for just now, or within the cooldown: for a token whose key is not among
   * the current ones.
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
      // What is no key set is refused by jose.
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
    // Without a query, which may have a token in it: this is logged.
    const { origin, pathname } = new URL(this.url);
    return new SigningKeysUnavailable(
      `the signing keys at ${origin}${pathname} cannot be fetched`,
      { cause },
    );
  }
}

/** One answer, from this very address, in time and of a bounded size. */
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
