import type { MicrosoftLine } from '../microsoft-line.js';
import type { OurLine } from '../our-line.js';

const term = { from: '2026-11-10', to: '2027-11-09' };

/** A monthly charge of one subscription, from both sides. */
export const theirLine = (
  subtotal: string,
  changes: Partial<MicrosoftLine> = {},
): MicrosoftLine => ({
  row: 1,
  partnerId: 'p',
  tenantId: 't',
  offerId: 'CFQ7TTC0LF8S:0002',
  chargeType: 'cycleCharge',
  currency: 'USD',
  subtotal,
  billableQuantity: '1',
  subscriptionId: 'vendor-1',
  orderDate: '2026-11-10',
  chargeFrom: '2026-12-10',
  chargeTo: '2027-01-09',
  termFrom: term.from,
  termTo: term.to,
  scope: 'license',
  ...changes,
});

let charges = 0;
export const ourLine = (cost: string, changes: Partial<OurLine> = {}): OurLine => {
  charges += 1;
  return {
    chargeId: `charge-${charges}`,
    tenantId: 't',
    offerId: 'CFQ7TTC0LF8S:0002',
    type: 'cycleCharge',
    from: '2026-12-10',
    to: '2027-01-09',
    cost,
    term,
    ...changes,
  };
};
