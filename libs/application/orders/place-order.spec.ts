import { describe, expect, it } from '@jest/globals';
import type { OrderRequest } from '../../domain/order/order.js';
import { canonicalJson } from '../../event-log/canonical.js';
import { believableWorld, context, seller, tenant } from '../testing/application.js';
import { opened, TODAY } from '../testing/opened.js';
import { PlaceOrder } from './order.commands.js';

const order: OrderRequest = {
  partnerId: seller,
  tenantId: tenant,
  currency: 'JPY',
  lines: [{ offerId: 'CFQ7TTC0LH18:0001', quantity: 5, term: 'P1M', billingPlan: 'monthly' }],
  reference: 'PO-1',
};

describe('placing an order', () => {
  it('records the requested order, its price and an accepted decision in the customer’s stream', async () => {
    const { app } = await opened();
    await believableWorld(app, { month: TODAY.slice(0, 7), today: TODAY });
    const outcome = await app.placeOrder.execute(new PlaceOrder(context('order-1', order), order));
    expect(outcome).toMatchObject({
      kind: 'committed',
      events: [
        {
          type: 'OrderPlaced',
          stream: `customer-${tenant}`,
          data: {
            partnerId: seller,
            reference: 'PO-1',
            lines: [expect.objectContaining({ offerId: 'CFQ7TTC0LH18:0001', quantity: 5 })],
            total: { currency: 'JPY' },
            decision: { outcome: 'accepted' },
          },
        },
      ],
    });
  });

  it('creates its event with the fields in canonical order, so that the log need not sort them', async () => {
    const { app } = await opened();
    await believableWorld(app, { month: TODAY.slice(0, 7), today: TODAY });
    const outcome = await app.placeOrder.execute(new PlaceOrder(context('order-1', order), order));
    const [event] = outcome.kind === 'committed' ? outcome.events : [];
    expect(event?.type).toBe('OrderPlaced');
    expect(JSON.stringify(event?.data)).toBe(canonicalJson(event?.data));
    expect(JSON.stringify(event?.metadata)).toBe(canonicalJson(event?.metadata));
  });

  it('records a decision of at most 2,500 bytes', async () => {
    const { app } = await opened();
    await believableWorld(app, { month: TODAY.slice(0, 7), today: TODAY });
    const outcome = await app.placeOrder.execute(new PlaceOrder(context('order-1', order), order));
    const [event] = outcome.kind === 'committed' ? outcome.events : [];
    const { decision } = event?.data as { decision: unknown };
    expect(Buffer.byteLength(canonicalJson(decision))).toBeLessThanOrEqual(2_500);
  });
});
