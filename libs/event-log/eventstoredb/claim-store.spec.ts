import { describe, expect, it } from '@jest/globals';
import { commandId, streamName } from '../../domain/shared/ids.js';
import { claimedEvent, claimFromStored } from './claim-store.js';

const claim = {
  commandId: commandId('10155d91-a554-487a-8d54-6ce2b3e2292e'),
  claimant: 'c1',
  targetStream: streamName('customer-1'),
  revision: 3,
};
const CLAIMED_AT = '2026-11-22T09:00:00.000Z';

describe('the stored form of an idempotency claim', () => {
  it('names the target stream `homeStream`', () => {
    const { type, data, metadata } = claimedEvent(claim, CLAIMED_AT);
    expect(type).toBe('Claimed');
    expect(Buffer.from(data).toString()).toBe(
      '{"claimant":"c1","commandId":"10155d91-a554-487a-8d54-6ce2b3e2292e","homeStream":"customer-1","revision":3}',
    );
    expect(Buffer.from(metadata).toString()).toBe(`{"recordedAt":"${CLAIMED_AT}","version":1}`);
  });

  it('returns the stored claim', () => {
    const { type, data, metadata } = claimedEvent(claim, CLAIMED_AT);
    const recorded = {
      type,
      data: JSON.parse(Buffer.from(data).toString()) as object,
      metadata: JSON.parse(Buffer.from(metadata).toString()) as object,
    };
    expect(claimFromStored(recorded)).toEqual({ by: claim, claimedAt: CLAIMED_AT });
  });

  it('reads no claim from a released one', () => {
    expect(claimFromStored({ type: 'ClaimReleased', data: {}, metadata: {} })).toBeUndefined();
  });
});
