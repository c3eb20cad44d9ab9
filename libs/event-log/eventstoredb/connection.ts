import { LogUnavailable } from '../errors.js';
import { Backoff } from '../../platform/time/backoff.js';
import { within } from '../../platform/time/within.js';
import type { Timeouts } from './timeouts.js';
import { type Failure, failureOf, Silence } from './errors.js';
import type { LogReporter } from './report.js';
import { NonReconnectingClient } from './client.js';
import type { Host, ServerUrl } from './connection-string.js';

/** After this many calls in a row without an answer the connection is replaced. */
const SILENT_CALLS = 2;

interface Generation {
  readonly client: NonReconnectingClient;
  silentCalls: number;
  givenUp: { readonly reason: string; readonly leader: Host | undefined } | undefined;
}

export interface Use {
  readonly client: NonReconnectingClient;
  readonly answered: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * The one client of a process. When its connection is lost or silent, the whole client is replaced:
 * for all callers at once, and not more often than the backoff allows. Calls on the old client end
 * by their deadlines; then it is closed.
 */
export class Connection {
  private generations = 0;
  private present: Generation;
  private replaceableAtMs = 0;
  private readonly backoff = new Backoff(200, 2_000);
  private failing: { readonly sinceMs: number; rebuilt: boolean } | undefined;
  private readonly replacedListeners = new Set<() => void>();
  private readonly retired = new Map<NonReconnectingClient, NodeJS.Timeout>();
  private closed = false;

  constructor(
    private readonly url: ServerUrl,
    private readonly report: LogReporter,
    readonly timeouts: Timeouts,
  ) {
    this.present = this.generation({});
  }

  /**
   * Runs one call on the present client. Throws the client's error. Without `deadlineMs` the call
   * must have a timeout of its own.
   */
  async call<Answer>(
    act: (client: NonReconnectingClient) => Promise<Answer>,
    deadlineMs?: number,
  ): Promise<Answer> {
    const { client, answered, failed } = this.begin();
    try {
      const answering = act(client);
      const answer = await (deadlineMs === undefined
        ? answering
        : this.watched(answering, deadlineMs + this.timeouts.slackMs));
      answered();
      return answer;
    } catch (error) {
      failed(error);
      throw error;
    }
  }

  private watched<Answer>(answering: Promise<Answer>, withinMs: number): Promise<Answer> {
    return within(withinMs, answering, () => {
      throw new Silence(`no answer within ${withinMs} ms`);
    });
  }

  /** For work of several calls: the present client, and callbacks for its success and failure. */
  begin(): Use {
    const generation = this.current();
    return {
      client: generation.client,
      answered: () => this.answered(generation),
      failed: (error) => this.failed(generation, failureOf(error)),
    };
  }

  /** Calls the listener when the client has been replaced, so that open streams can restart. */
  onReplaced(listener: () => void): () => void {
    this.replacedListeners.add(listener);
    return () => void this.replacedListeners.delete(listener);
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const timer of this.retired.values()) clearTimeout(timer);
    await Promise.all(
      [this.present.client, ...this.retired.keys()].map((client) => client.close()),
    );
    this.retired.clear();
  }

  private current(): Generation {
    if (this.closed) throw new LogUnavailable('the log has been closed');
    const { givenUp } = this.present;
    if (givenUp && performance.now() >= this.replaceableAtMs) this.replace(givenUp);
    return this.present;
  }

  private replace({ reason, leader }: NonNullable<Generation['givenUp']>): void {
    const { client } = this.present;
    this.replaceableAtMs = performance.now() + this.backoff.nextMs();
    this.present = this.generation({ avoid: client.endpoint, only: leader });
    // Report once for each outage: while nothing answers, the client is replaced every few seconds.
    if (!this.failing?.rebuilt) this.report({ kind: 'log-client-rebuilt', reason });
    if (this.failing) this.failing.rebuilt = true;
    this.retire(client);
    for (const listener of [...this.replacedListeners]) listener();
  }

  private retire(client: NonReconnectingClient): void {
    const close = (): void => {
      this.retired.delete(client);
      void client.close();
    };
    const { callMs, slackMs } = this.timeouts;
    this.retired.set(client, setTimeout(close, callMs + 2 * slackMs).unref());
  }

  private generation(route: {
    readonly avoid?: string | undefined;
    readonly only?: Host | undefined;
  }): Generation {
    this.generations += 1;
    const client = NonReconnectingClient.connect(this.url, {
      ...route,
      generation: this.generations,
    });
    return { client, silentCalls: 0, givenUp: undefined };
  }

  private answered(generation: Generation): void {
    if (generation !== this.present) return;
    generation.silentCalls = 0;
    generation.givenUp = undefined;
    if (!this.failing) return;
    this.report({
      kind: 'log-reconnected',
      gapMs: Math.round(performance.now() - this.failing.sinceMs),
    });
    this.failing = undefined;
    this.backoff.reset();
  }

  private failed(generation: Generation, failure: Failure): void {
    if (failure.kind !== 'failed') return this.answered(generation);
    const { connection, reason } = failure;
    if (this.closed || generation !== this.present || connection.is === 'unharmed') return;
    if (connection.is === 'silent') generation.silentCalls += 1;
    if (!this.failing) {
      this.failing = { sinceMs: performance.now(), rebuilt: false };
      this.report({ kind: 'log-disconnected', reason });
    }
    if (connection.is === 'lost' || generation.silentCalls >= SILENT_CALLS) {
      generation.givenUp = {
        reason,
        leader: connection.is === 'lost' ? connection.leader : undefined,
      };
    }
  }
}
