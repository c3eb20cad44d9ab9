import { type CommandId, streamName, type StreamName } from '../../domain/shared/ids.js';

const COMMAND = 'command-';

/**
 * What streams are called on the server, which others may use too: everything of ours is under one
 * prefix, never shown outside.
 */
export class StreamNames {
  /** Tells of a migration into the log. */
  readonly migration: string;
  /** Marks the log's beginning. */
  readonly origin: string;

  constructor(readonly prefix: string) {
    if (prefix === '' || prefix.startsWith('$') || !prefix.isWellFormed())
      throw new RangeError(`${prefix} is no prefix of stream names`);
    this.migration = `${prefix}${COMMAND}migration`;
    this.origin = `${prefix}${COMMAND}origin`;
  }

  onServer(stream: StreamName): string {
    return this.prefix + stream;
  }

  claimOf(commandId: CommandId): string {
    return `${this.prefix}${COMMAND}${commandId}`;
  }

  isOurs(serverName: string): boolean {
    return serverName.startsWith(this.prefix);
  }

  /**
   * The log's own name of a stream; undefined for claims, which are no events of the log, and for
   * what is not ours.
   */
  ofLog(serverName: string): StreamName | undefined {
    if (!this.isOurs(serverName) || serverName.startsWith(COMMAND, this.prefix.length))
      return undefined;
    return streamName(serverName.slice(this.prefix.length));
  }
}
