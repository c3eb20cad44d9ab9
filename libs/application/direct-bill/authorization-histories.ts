import type { PartnerEvent } from '../../domain/partner/partner.js';
import type {
  AuthorizationEntry,
  AuthorizationHistory,
} from '../../domain/qualification/yearly-re-check.js';
import { type PartnerId, partnerId, type StreamName } from '../../domain/shared/ids.js';
import { partnerStream } from '../../domain/shared/streams.js';
import type { LoggedEvent, Position } from '../../event-log/event-log.js';

type AuthorizationEvent = Extract<PartnerEvent, { type: `DirectBillAuthorization${string}` }>;

const statuses: Readonly<Record<AuthorizationEvent['type'], AuthorizationEntry['status']>> = {
  DirectBillAuthorizationStarted: 'authorized',
  DirectBillAuthorizationRestricted: 'restricted',
  DirectBillAuthorizationSuspended: 'suspended',
  DirectBillAuthorizationRevoked: 'revoked',
  DirectBillAuthorizationRestored: 'authorized',
};
export const authorizationTypes = Object.keys(statuses);

/**
 * The authorizations of all partners, folded from events: seldom changed and few, so they are
 * held.
 */
export class AuthorizationHistories {
  private readonly entries = new Map<PartnerId, Map<Position, AuthorizationEntry>>();

  /** `reCheckActor`: whose events are the re-check's own. */
  constructor(private readonly reCheckActor: string) {}

  forget(): void {
    this.entries.clear();
  }

  /**
   * In any order, and as often as it comes: what the re-check appends is known at once, and passes
   * by once more.
   */
  follow({ position, stream, type, data, metadata }: LoggedEvent): void {
    // the catalogue's form of one of `authorizationTypes`
    const event = { type, data } as Pick<AuthorizationEvent, 'type' | 'data'>;
    const from = 'from' in event.data ? event.data.from : event.data.on;
    const partner = partnerOf(stream);
    const known = this.entries.get(partner) ?? new Map<Position, AuthorizationEntry>();
    const starts = type === 'DirectBillAuthorizationStarted';
    known.set(position, {
      status: statuses[event.type],
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
