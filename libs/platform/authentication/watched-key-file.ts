import { readFile } from 'node:fs/promises';
import {
  type ApiKey,
  ApiKeys,
  KeyFileError,
  keyFileText,
  type KeyRing,
  parseKeyFile,
  readKeyFile,
} from './api-keys.js';
import type { Principal } from './principal.js';

/**
 * Changes of the key file at run time. They have ids only: the log has neither secrets nor hashes.
 */
export type KeyFileReport =
  | {
      readonly kind: 'key-file-read';
      readonly added: readonly string[];
      readonly changed: readonly string[];
      readonly withdrawn: readonly string[];
    }
  | { readonly kind: 'key-file-unusable'; readonly reason: string };

export interface WatchOptions {
  readonly report: (report: KeyFileReport) => void;
  readonly everyMs?: number;
}

const LOOK_EVERY_MS = 1_000;

/**
 * The keys of a file that may change. The file is read once a second and its text compared, because
 * modification times are too coarse on some file systems, others send no notifications, and
 * Kubernetes replaces a link. An invalid file changes nothing: the keys before it stay in use.
 */
export class WatchedKeyFile implements KeyRing {
  private text: string;
  private keys: readonly ApiKey[];
  private ring: ApiKeys;
  private refused: string | undefined;
  private reading: Promise<void> | undefined;
  private readonly timer: NodeJS.Timeout;

  /** Throws KeyFileError: a service does not start with an invalid file. */
  constructor(
    private readonly path: string,
    private readonly options: WatchOptions,
  ) {
    this.text = keyFileText(path);
    this.keys = readKeyFile(path, this.text);
    this.ring = new ApiKeys(this.keys);
    const look = (): void => {
      // The next read waits until a slow file system has answered.
      if (!this.reading) void this.look();
    };
    this.timer = setInterval(look, options.everyMs ?? LOOK_EVERY_MS).unref();
  }

  /** Whether the keys in use are the file's. */
  get isUsable(): boolean {
    return this.refused === undefined;
  }

  principalOf(secret: string, today: () => string): Principal | undefined {
    return this.ring.principalOf(secret, today);
  }

  expiredId(secret: string, today: () => string): string | undefined {
    return this.ring.expiredId(secret, today);
  }

  /** Reads the file now. */
  async look(): Promise<void> {
    await this.reading;
    await (this.reading = this.read().finally(() => (this.reading = undefined)));
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async read(): Promise<void> {
    try {
      const text = await readFile(this.path, 'utf8');
      if (text !== this.text) this.take(text, parseKeyFile(this.path, text));
      this.refused = undefined;
    } catch (error) {
      const reason =
        error instanceof KeyFileError
          ? error.message
          : `The key file ${this.path} cannot be read: ${String(error)}`;
      // Report each reason once, not once a second.
      if (this.refused !== reason) this.options.report({ kind: 'key-file-unusable', reason });
      this.refused = reason;
    }
  }

  private take(text: string, keys: readonly ApiKey[]): void {
    const before = new Map(this.keys.map((key) => [key.id, JSON.stringify(key)]));
    const after = new Map(keys.map((key) => [key.id, JSON.stringify(key)]));
    [this.text, this.keys, this.ring] = [text, keys, new ApiKeys(keys)];
    this.options.report({
      kind: 'key-file-read',
      added: [...after.keys()].filter((id) => !before.has(id)),
      changed: [...after]
        .filter(([id, key]) => before.has(id) && before.get(id) !== key)
        .map(([id]) => id),
      withdrawn: [...before.keys()].filter((id) => !after.has(id)),
    });
  }
}
