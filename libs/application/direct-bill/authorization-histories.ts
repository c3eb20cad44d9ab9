import type { PartnerEvent } from '../../domain/partner/partner.js';
import type {
  AuthorizationEntry,
  AuthorizationHistory,
} from '../../domain/direct-bill/yearly-re-check.js';
import { type PartnerId, partnerId, type StreamName } from '../../domain/shared/ids.js';
import { partnerStream } from '../../domain/shared/streams.js';
import type { KnownEvent } from '../../event-log/catalogue/catalogue.js';
import type { Position } from '../../event-log/event-log.js';
import type { Logged } from '../engine/commands/decision.js';

type AuthorizationEvent = Extract<PartnerEvent, { type: `DirectBillAuthorization${string}` }>;

const statuses: Readonly<Record<AuthorizationEvent['type'], AuthorizationEntry['status']>> = {
  DirectBillAuthorizationStarted: 'authorized',
  DirectBillAuthorizationRestricted: 'restricted',
  DirectBillAuthorizationSuspended: 'suspended',
  DirectBillAuthorizationRevoked: 'revoked',
  DirectBillAuthorizationRestored: 'authorized',
};
export const authorizationTypes = Object.keys(statuses);

export const isAuthorizationEvent = (
  event: Logged<KnownEvent>,
): event is Logged<AuthorizationEvent> => event.type in statuses;

/**
 * The authorizations of all partners, folded from events. They are few and seldom change, so all of
 * them are kept in memory.
 */
export class AuthorizationHistories {
  private readonly entries = new Map<PartnerId, Map<Position, AuthorizationEntry>>();

  /** `reCheckActor` is the actor of the events that the re-check appends. */
  constructor(private readonly reCheckActor: string) {}

  forget(): void {
    this.entries.clear();
  }

  /**
   * Accepts events in any order and more than once: an event that the re-check itself appends is
   * added at once, and comes from the log again later.
   */
  follow({ position, stream, type, data, metadata }: Logged<AuthorizationEvent>): void {
    const from = 'from' in data ? data.from : data.on;
    const partner = partnerOf(stream);
    const known = this.entries.get(partner) ?? new Map<Position, AuthorizationEntry>();
    const starts = type === 'DirectBillAuthorizationStarted';
    known.set(position, {
      status: statuses[type],
      from,
      starts,
      byReCheck: metadata.actor === this.reCheckActor,
    });
    this.entries.set(partner, known);
  }

  all(): readonly (readonly [PartnerId, AuthorizationHistory])[] {
    return [...this.entries].map(([partner, known]) => [partner, inOrder(known)]);
  }
}

const inOrder = (known: ReadonlyMap<Position, AuthorizationEntry>): AuthorizationHistory =>
  [...known].sort(([a], [b]) => a - b).map(([, entry]) => entry);

const PREFIX = partnerStream(partnerId(''));

const partnerOf = (stream: StreamName): PartnerId => partnerId(stream.slice(PREFIX.length));
