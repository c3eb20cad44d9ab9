import { describe, expect, it } from '@jest/globals';
import { ChangeCustomer } from '../../libs/application/customers/customer.commands.js';
import type { Outcome } from '../../libs/application/engine/commands/decision.js';
import { PlaceOrder } from '../../libs/application/orders/order.commands.js';
import {
  PublishPartnerOffers,
  PublishPriceList,
} from '../../libs/application/price-lists/price-list.command.js';
import {
  type Application,
  context,
  provider,
  seller,
  tenant,
} from '../../libs/application/testing/application.js';
import type { OrderRequest } from '../../libs/domain/order/order.js';
import type { PartnerId } from '../../libs/domain/shared/ids.js';
import { priceList } from '../support/price-lists.js';
import { type Guards, order, today, World } from './decision-world.js';

const own: OrderRequest = {
  ...order,
  lines: [{ ...order.lines[0]!, offerId: 'SUPPORT:0001' }],
};
const month = today.slice(0, 7);
const list = (offer: string): Buffer => Buffer.from(priceList('JP', 'JPY', [{ ProductId: offer }]));
const publish = (app: Application, offer: string, owner: PartnerId = seller) =>
  app.publishPartnerOffers.execute(new PublishPartnerOffers(context(), owner, month, list(offer)));
const place = (app: Application, request: OrderRequest, key: string): Promise<Outcome<never>> =>
  app.placeOrder.execute(new PlaceOrder(context(key, request), request));

/** Changes during an order of a partner-owned offer, and of an offer that no list has yet. */
const changes: readonly (readonly [string, (app: Application) => Promise<unknown>])[] = [
  ['the partner takes the offer off its list', (app) => publish(app, 'OTHER')],
  [
    'the price list of the market has the offer, and there is no agreement',
    async (app) => {
      const on = today;
      await app.changeCustomer.execute(
        new ChangeCustomer(context(), tenant, { type: 'withdraw-agreement', on, reason: 'no' }),
      );
      await app.publishPriceList.execute(
        new PublishPriceList(context(), 'JP', month, list('SUPPORT')),
      );
    },
  ],
];

describe.each<Guards>(['none', 'atomic'])(
  'an order of a partner-owned offer on a log with guards: %s',
  (guards) => {
    it.each(changes)(
      'is judged at its place in the log: %s',
      async (_what, change) => {
        const outcomes = new Set<string>();
        for (let call = 1, interfered = true; interfered; call += 1) {
          const world = await World.open(guards);
          const [one, another] = [await world.process(), await world.process()];
          await publish(one.app, 'SUPPORT');
          let calls = 0;
          interfered = false;
          one.log.barrier = async ({ moment, name }) => {
            if (moment !== 'before' || name === 'readAll' || ++calls !== call) return;
            interfered = true;
            await change(another.app);
          };
          const outcome = await place(one.app, own, 'own');
          one.log.barrier = () => undefined;
          await world.expectTold(outcome);
          await world.check();
          const decided = (await world.events()).filter(({ type }) => type.startsWith('Order'));
          outcomes.add(decided.map(({ type }) => type).join(' '));
          const { decision } = decided[0]!.data as { decision: { reads: [string, number][] } };
          expect(decision.reads.map(([stream]) => stream)).toContain(`pricelist-JP-${month}`);
          await world.close();
          expect(call).toBeLessThan(60);
        }
        expect(outcomes).toContain('OrderPlaced');
        expect([...outcomes].some((types) => types !== 'OrderPlaced')).toBe(true);
      },
      60_000,
    );

    it('has the partner’s list in its read set, and is sold by no other partner', async () => {
      const world = await World.open(guards);
      const { app } = await world.process();
      await publish(app, 'SUPPORT', provider);
      const refused = await place(app, own, 'others');
      expect(refused).toMatchObject({ events: [{ type: 'OrderRefused' }] });
      await publish(app, 'SUPPORT');
      const placed = await place(app, own, 'own');
      expect(placed).toMatchObject({
        events: [
          {
            type: 'OrderPlaced',
            data: {
              decision: {
                reads: expect.arrayContaining([[`partneroffers-${seller}-${month}`, 0]]),
              },
              lines: [{ family: 'partner-owned' }],
            },
          },
        ],
      });
      await world.check();
      await world.close();
    });
  },
);
