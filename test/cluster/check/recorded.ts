import type { LogEvent, Loose } from '../../support/answers.js';
import type { Command, Effect } from '../load/command.js';

/** Indexes of the log for the checks. */
export class Recorded {
  private readonly byCorrelation: ReadonlyMap<unknown, readonly LogEvent[]>;
  private readonly byStream: ReadonlyMap<string, readonly LogEvent[]>;
  private readonly voids = new Map<unknown, LogEvent>();

  constructor(readonly log: readonly LogEvent[]) {
    this.byCorrelation = Map.groupBy(log, ({ metadata }) => metadata['correlationId']);
    this.byStream = Map.groupBy(log, ({ stream }) => stream);
    for (const event of log)
      if (event.type === 'OrderVoided') this.voids.set(event.data['orderId'], event);
  }

  ofStream(stream: string): readonly LogEvent[] {
    return this.byStream.get(stream) ?? [];
  }

  ofCommand({ correlationId }: Command): readonly LogEvent[] {
    return this.byCorrelation.get(correlationId) ?? [];
  }

  /** The events of this command in its target stream. */
  effects(command: Command): readonly LogEvent[] {
    return this.ofCommand(command).filter((event) => isEffect(event, command.effect));
  }

  /**
   * Whether the command appended the event of its earlier step, because another command completed
   * the last one.
   */
  hasEarlierStep(command: Command): boolean {
    const { orElse } = command.effect;
    return orElse !== undefined && this.ofCommand(command).some((event) => isEffect(event, orElse));
  }

  /** The last event of the same append. */
  lastOfAppend({ stream, metadata }: LogEvent): LogEvent | undefined {
    return this.ofStream(stream).findLast(
      (other) => other.metadata['commandId'] === metadata['commandId'],
    );
  }

  /** Whether some command has done it up to this position. */
  holdsAt(effect: Effect, position: number): boolean {
    return this.ofStream(effect.stream).some(
      (event) => Number(event.position) <= position && isEffect(event, effect),
    );
  }

  voided(order: LogEvent): LogEvent | undefined {
    return this.voids.get(order.data['orderId']);
  }
}

export const isEffect = ({ stream, type, data }: LogEvent, effect: Effect): boolean =>
  stream === effect.stream && effect.types.includes(type) && isWithin(effect.data, data);

/** Whether `whole` contains everything in `part`. */
function isWithin(part: unknown, whole: unknown): boolean {
  if (typeof part !== 'object' || part === null) return part === whole;
  if (typeof whole !== 'object' || whole === null) return false;
  return Object.entries(part).every(([name, value]) => isWithin(value, (whole as Loose)[name]));
}

/** Distinct, in the order of the checks. */
export function reasonsOf(event: LogEvent): readonly string[] {
  const { checks } = event.data['decision'] as {
    readonly checks: readonly (readonly [string, string, string | 0])[];
  }; // as the log stores it
  return [...new Set(checks.flatMap(([, , reason]) => (reason === 0 ? [] : [reason])))];
}
