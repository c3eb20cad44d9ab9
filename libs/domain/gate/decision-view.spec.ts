import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { customerStream } from '../shared/streams.js';
import { type RenderedDecision, renderDecision, sourceOf } from './decision-view.js';
import { partnerCenterCodes } from './partner-center-codes.js';
import type { Language } from './reason-texts.js';
import type { Reason } from '../order/reasons.js';
import { rulesetNamed } from './rulesets.js';
import { acceptedOrder, customerId } from './testing/accepted-order.js';
import { refusedFor, refusedForMuch } from './testing/stories.js';
import type { World } from './testing/world.js';

const render = (world: World, language: Language = 'en'): RenderedDecision =>
  renderDecision(world.judge().decision, customerStream(customerId), language, '0001-01-01');
const checkOf = (rendered: RenderedDecision, reason: Reason) =>
  rendered.checks.find((check) => check.reason === reason);

describe('a decision as the API shows it', () => {
  it('names the policy by its first day and revision', () => {
    const { outcome, judgedAt, policyVersion, ruleset } = render(acceptedOrder);
    expect([outcome, judgedAt, policyVersion, ruleset]).toEqual([
      'accepted',
      '2026-11-22T10:00:00.000Z',
      '0001-01-01@2',
      '2027-01',
    ]);
  });

  it('writes each check out, with the events that prove it', () => {
    const [seller, , , , directBill] = render(acceptedOrder).checks;
    expect(seller).toStrictEqual({
      rule: 'SELLER-1',
      outcome: 'pass',
      facts: {},
      evidence: [
        { eventId: 'event-7', stream: 'partner-res-1', revision: 0 },
        { eventId: 'event-8', stream: 'partner-res-1', revision: 1 },
      ],
    });
    expect(directBill).toStrictEqual({
      rule: 'SELLER-5',
      outcome: 'not-applicable',
      facts: {},
      evidence: [],
    });
  });

  it('finds events of the customer in its own stream', () => {
    const agreement = render(acceptedOrder).checks.find(({ rule }) => rule === 'AGREEMENT-1');
    expect(agreement?.evidence).toEqual([
      { eventId: 'event-21', stream: `customer-${customerId}`, revision: 1 },
    ]);
  });

  it('shows the reason, the line, the message and Microsoft’s code of a failure', () => {
    expect(checkOf(render(refusedForMuch), 'offer-not-on-price-list')).toStrictEqual({
      rule: 'OFFER-1',
      outcome: 'fail',
      reason: 'offer-not-on-price-list',
      lineIndex: 0,
      message:
        'The offer CFQ7TTC0LH18:0001 is not on the month’s price list in the order’s currency (USD) on 2026-11-22. Choose an offer of that list, or another currency.',
      partnerCenterCode: '400019',
      facts: { offerId: 'CFQ7TTC0LH18:0001', currency: 'USD', date: '2026-11-22' },
      evidence: [{ eventId: 'price-list-FR-2026-11', stream: 'pricelist-FR-2026-11', revision: 0 }],
    });
  });

  it('has Japanese texts for a Japanese reader', () => {
    expect(checkOf(render(refusedForMuch, 'ja'), 'currency-not-allowed')?.message).toBe(
      '注文の通貨（USD）は、販売パートナーの所在地の通貨でも、顧客の市場の通貨でもありません。使用できる通貨（EUR）で注文してください。',
    );
  });

  it('has every fact of every reason in both languages', () => {
    for (const [reason, world] of Object.entries(refusedFor)) {
      for (const language of ['en', 'ja'] as const) {
        const check = render(world, language).checks.find(
          (candidate) => candidate.reason === reason,
        );
        expect(check?.message).toMatch(/^[^[\]{}]{15,}[.。]$/);
        expect(check?.message).not.toContain('undefined');
      }
    }
  });

  it('has the program’s sentence of each rule', () => {
    expect(sourceOf(rulesetNamed('2026-12')!, 'SELLER-3')).toEqual({
      en: 'The partner can sign legal agreements on behalf of its organization.',
      ja: '組織を代表して法的契約に署名できること。',
    });
  });
});

describe('Microsoft’s own codes', () => {
  it.each<[Reason, string | undefined]>([
    ['agreement-missing', '13605'],
    ['currency-not-allowed', '900169'],
    ['seller-is-provider', '2072'],
    ['customer-relationship-missing', '20002'],
    ['tenant-csp-associated', undefined],
  ])('for %s: %s', (reason, code) => {
    expect(
      checkOf(render(refusedFor[reason as keyof typeof refusedFor]), reason)?.partnerCenterCode,
    ).toBe(code);
  });

  it('are all among those that Microsoft publishes', () => {
    const rows = readFileSync(
      join(import.meta.dirname, '../../../reference-data/partner-center-error-codes.csv'),
      'utf8',
    ).split('\n');
    const known = new Set(rows.flatMap((row) => (row.split(',')[0] ?? '').split('/')));
    expect(Object.values(partnerCenterCodes).filter((code) => !known.has(code))).toEqual([]);
  });
});
