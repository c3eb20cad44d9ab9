import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { orderId } from '../../libs/domain/shared/ids.js';
import type { MemoryEventLog } from '../../libs/event-log/memory/memory-event-log.js';
import type { List } from '../../libs/read-models/read-models.js';
import type { LocalOpened, LocalOptions } from '../../libs/read-models/local/open-local.js';
import { memoryLog } from '../../libs/read-models/testing/bench.js';
import {
  billingEntityEvent,
  customerEvent,
  customerRegistered,
  decision,
  order,
  orderCancelled,
  orderPlaced,
  orderRefused,
  partnerEvent,
  partnerRegistered,
  appendEach,
  taxRatesPublished,
  tenant,
  type Told,
} from '../../libs/read-models/testing/sample-log.js';
import { documentsContract } from './documents.contract.js';
import { offersContract } from './offers.contract.js';

const TODAY = '2026-11-22';

export interface ListsUnderTest {
  readonly readModels: LocalOpened['readModels'];
  readonly close: () => Promise<void>;
}
/** Opens read models in their own store over a log whose commits wake them. */
export type OpenLists = (
  log: MemoryEventLog,
  options?: Partial<LocalOptions>,
) => Promise<ListsUnderTest>;

/** The contract of every list, over either store. */
export function listsContract(name: string, openLists: OpenLists): void {
  describe(`lists over ${name}`, () => {
    let log: MemoryEventLog;
    let bench: ListsUnderTest;
    beforeEach(async () => {
      log = memoryLog();
      bench = await openLists(log);
    });
    afterEach(() => bench.close());

    const append = async (...events: readonly Told[]) =>
      (await appendEach(log, ...events)).at(-1)!.position;
    const ids = <Item, Id>({ items }: List<Item>, id: (item: Item) => Id) => items.map(id);

    it('are empty over an empty log', async () => {
      expect(await bench.readModels.listOrders({})).toEqual({ items: [], nextCursor: null });
      expect(await bench.readModels.listOffers({ market: 'JP', on: TODAY })).toEqual({
        items: [],
        nextCursor: null,
      });
    });

    describe('of partners', () => {
      const partners = async (query: object) =>
        ids(await bench.readModels.listPartners({ on: TODAY, ...query }), (row) => row.partnerId);
      beforeEach(async () => {
        const minPosition = await append(
          partnerRegistered('prov', { model: 'indirect-provider', country: 'US' }),
          partnerRegistered('res-1'),
          partnerRegistered('res-2'),
          partnerEvent('res-1', 'PartnerProviderRelationshipStarted', {
            providerId: 'prov',
            from: '2026-01-01',
            to: TODAY,
          }),
          partnerEvent('res-2', 'PartnerProviderRelationshipStarted', {
            providerId: 'prov',
            from: '2026-11-23',
          }),
          partnerEvent('res-2', 'PartnerModelStarted', { model: 'direct-bill', from: TODAY }),
        );
        await bench.readModels.waitFor(minPosition);
      });

      it.each([
        ['all, in the order of registration', {}, ['prov', 'res-1', 'res-2']],
        ['of a country', { country: 'US' }, ['prov']],
        ['of the model in force that day', { model: 'direct-bill' }, ['res-2']],
        ['of the model the day before it starts', { model: 'direct-bill', on: '2026-11-21' }, []],
        ['of a provider, through the last day', { providerId: 'prov' }, ['res-1']],
        ['of a provider, from the first day', { providerId: 'prov', on: '2026-11-23' }, ['res-2']],
        ['in scope', { scope: ['res-2', 'nobody'] }, ['res-2']],
        ['in an empty scope', { scope: [] }, []],
      ])('%s', async (_what, query, expected) => {
        expect(await partners(query)).toEqual(expected);
      });
    });

    describe('of billing entities', () => {
      const partners = async (query: object) =>
        ids(await bench.readModels.listBillingEntities(query), (row) => row.partnerId);
      beforeEach(async () => {
        const minPosition = await append(
          billingEntityEvent('p1', 'BillingEntityRegistered', 'First'),
          billingEntityEvent('p2', 'BillingEntityRegistered', 'Second'),
          billingEntityEvent('p1', 'BillingEntityChanged', 'Renamed'),
        );
        await bench.readModels.waitFor(minPosition);
      });

      it.each([
        ['all, in the order of registration', {}, ['p1', 'p2']],
        ['of a partner', { partnerId: 'p2' }, ['p2']],
        ['in scope', { scope: ['p2', 'nobody'] }, ['p2']],
        ['in an empty scope', { scope: [] }, []],
      ])('%s', async (_what, query, expected) => {
        expect(await partners(query)).toEqual(expected);
      });

      it('have the last details, and their id', async () => {
        expect((await bench.readModels.listBillingEntities({ limit: 1 })).items).toMatchObject([
          { entityId: 'entity-of-p1', partnerId: 'p1', legalName: 'Renamed', position: 0 },
        ]);
      });
    });

    it('of tax rates: one row for each country and day, in the order of first publication', async () => {
      const minPosition = await append(
        taxRatesPublished('JP', '2019-10-01', '0.11'),
        taxRatesPublished('DE', '2007-01-01', '0.19'),
        taxRatesPublished('JP', '2019-10-01', '0.10'),
        taxRatesPublished('JP', '2014-04-01', '0.08'),
      );
      const rates = async (query: object) =>
        ids(await bench.readModels.listTaxRates({ ...query, minPosition }), (row) => [
          row.from,
          row.rates['standard'],
        ]);
      const [first, ...rest] = [
        ['2019-10-01', '0.10'],
        ['2007-01-01', '0.19'],
        ['2014-04-01', '0.08'],
      ];
      expect(await rates({})).toEqual([first, ...rest]);
      expect(await rates({ country: 'JP' })).toEqual([first, rest[1]]);
      expect(await rates({ country: 'FR' })).toEqual([]);
    });

    describe('of customers', () => {
      const customers = async (query: object) =>
        ids(await bench.readModels.listCustomers({ on: TODAY, ...query }), (row) => row.tenantId);
      beforeEach(async () => {
        const minPosition = await append(
          customerEvent(3, 'TenantCspAssociationObserved', {
            associated: true,
            observedOn: '2026-01-01',
            source: 's',
          }),
          customerRegistered(1, { legalName: '関所アﾊﾟﾚﾙ株式会社', domain: 'Sekisho.example' }),
          customerRegistered(2, { legalName: 'ÉCLAIR SA', country: 'FR' }),
          customerEvent(1, 'CustomerPartnerRelationshipStarted', {
            partnerId: 'p1',
            from: TODAY,
            to: '2026-12-31',
          }),
          customerEvent(2, 'CustomerPartnerRelationshipStarted', {
            partnerId: 'p5',
            from: TODAY,
            recordedBy: 'scoped-key',
          }),
          orderPlaced(2, 1, 'p2'),
          orderRefused(1, 2, ['agreement-missing'], 'p3'),
          orderPlaced(4, 3, 'p4'),
        );
        await bench.readModels.waitFor(minPosition);
      });

      it.each([
        ['only the registered', {}, [1, 2]],
        ['of a country', { country: 'FR' }, [2]],
        ['by a piece of the name, in another width', { q: 'アパレル' }, [1]],
        ['by a piece of the domain, in another case', { q: 'SEKISHO.ex' }, [1]],
        ['by a piece of the name, in another case', { q: 'éclair' }, [2]],
        ['not across name and domain', { q: '社s' }, []],
        ['with pattern characters as literals', { q: '%' }, []],
        ['of a partner with a relationship that day', { partnerId: 'p1' }, [1]],
        [
          'of a partner whose relationship begins the next day: none',
          { partnerId: 'p1', on: '2026-11-21' },
          [],
        ],
        [
          'of a partner whose relationship has ended: none',
          { partnerId: 'p1', on: '2027-01-01' },
          [],
        ],
        ['of a partner with an accepted order', { partnerId: 'p2' }, [2]],
        ['of a partner with only a refused order: none', { partnerId: 'p3' }, []],
        [
          'in a scope: by its relationship, and not by an order',
          { scope: { partnerIds: ['p1', 'p2', 'p3', 'p4'], on: TODAY } },
          [1],
        ],
        [
          'in a scope before the relationship begins: none',
          { scope: { partnerIds: ['p1'], on: '2026-11-21' } },
          [],
        ],
        [
          'in a scope after the relationship has ended: none',
          { scope: { partnerIds: ['p1'], on: '2027-01-01' } },
          [],
        ],
        [
          'in a scope by a relationship that a scoped key recorded: none',
          { scope: { partnerIds: ['p5'], on: TODAY } },
          [],
        ],
        ['in an empty scope', { scope: { partnerIds: [], on: TODAY } }, []],
        ['by a character that no text of the log can have: none', { q: 'a\0' }, []],
        ['of an unknown country: none', { country: '\0' }, []],
      ])('%s', async (_what, query, expected) => {
        expect(await customers(query)).toEqual(expected.map(tenant));
      });
    });

    describe('of orders', () => {
      beforeEach(async () => {
        const minPosition = await append(
          orderPlaced(1, 1, 'p1', { decision: decision('accepted', [], '2026-11-20') }),
          orderPlaced(2, 2, 'p2', { decision: decision('accepted', [], '2026-11-21') }),
          orderRefused(1, 3, ['agreement-missing'], 'p1'),
          orderCancelled(2, 2),
          customerEvent(1, 'CustomerPartnerRelationshipStarted', { partnerId: 'p1', from: TODAY }),
          customerEvent(2, 'CustomerPartnerRelationshipStarted', { partnerId: 'p1', from: TODAY }),
        );
        await bench.readModels.waitFor(minPosition);
      });

      it.each([
        ['all', {}, [1, 2, 3]],
        ['of a tenant', { tenantId: tenant(1) }, [1, 3]],
        ['of a partner', { partnerId: 'p2' }, [2]],
        ['placed', { status: 'placed' }, [1]],
        ['cancelled', { status: 'cancelled' }, [2]],
        ['pending: none are stored', { status: 'pending' }, []],
        ['from a day', { from: '2026-11-21' }, [2, 3]],
        ['to a day', { to: '2026-11-21' }, [1, 2]],
        ['in scope', { scope: { partnerIds: ['p1'], on: TODAY } }, [1, 3]],
        [
          'in scope and of a status',
          { scope: { partnerIds: ['p1'], on: TODAY }, status: 'refused' },
          [3],
        ],
        ['in scope, a page of them', { scope: { partnerIds: ['p1'], on: TODAY }, limit: 1 }, [1]],
        [
          'in scope, of a customer that is not in scope on that day: none',
          { scope: { partnerIds: ['p1'], on: '2026-11-21' } },
          [],
        ],
        [
          "in scope, of another partner's customer: none",
          { scope: { partnerIds: ['p2'], on: TODAY } },
          [],
        ],
        ['in an empty scope', { scope: { partnerIds: [], on: TODAY } }, []],
      ])('%s', async (_what, query, expected) => {
        expect(
          ids(await bench.readModels.listOrders(query as object), (row) => row.orderId),
        ).toEqual(expected.map(order));
      });

      it('finds one by its id', async () => {
        expect(await bench.readModels.findOrder(orderId(order(2)))).toEqual({
          tenantId: tenant(2),
          partnerId: 'p2',
          status: 'cancelled',
          revision: 0,
          position: 1,
        });
        expect(await bench.readModels.findOrder(orderId(order(9)))).toBeUndefined();
      });
    });

    offersContract(() => bench.readModels, append);
    documentsContract(() => bench.readModels, append);

    describe('in pages', () => {
      const page = (cursor?: string | null) =>
        bench.readModels.listOrders({ limit: 3, cursor: cursor ?? undefined });

      it('return every order once and in order, while orders are being added', async () => {
        await bench.readModels.waitFor(
          await append(...Array.from({ length: 10 }, (_, index) => orderPlaced(1, index))),
        );
        const seen: string[] = [];
        let next = 10;
        for (let cursor: string | null | undefined; cursor !== null && seen.length < 16;) {
          const { items, nextCursor } = await page(cursor);
          seen.push(...items.map((row) => row.orderId));
          cursor = nextCursor;
          if (next < 16)
            await bench.readModels.waitFor(
              await append(orderPlaced(1, next++), orderPlaced(2, next++)),
            );
        }
        expect(seen).toEqual(Array.from({ length: 16 }, (_, index) => order(index)));
      });

      it('end without a cursor, also where the last page is full', async () => {
        await bench.readModels.waitFor(
          await append(...Array.from({ length: 6 }, (_, index) => orderPlaced(1, index))),
        );
        const first = await page();
        expect((await page(first.nextCursor)).nextCursor).toBeNull();
      });

      it.each([
        '',
        'x',
        'W10',
        'WzFd=',
        'WyIxIl0',
        'Wy0xXQ',
        'WzEuNV0',
        'WzEsMl0',
        ' WzFd',
        'bnVsbA',
      ])('refuse the cursor %j', async (cursor) => {
        await expect(page(cursor)).rejects.toMatchObject({ name: 'InvalidCursor' });
      });

      it.each([0, 501, 1.5, Number.NaN])('refuse the limit %d', async (limit) => {
        await expect(bench.readModels.listOrders({ limit })).rejects.toMatchObject({
          name: 'InvalidLimit',
        });
      });

      it('have 50 items unless asked for up to 500', async () => {
        await bench.readModels.waitFor(
          await append(...Array.from({ length: 51 }, (_, index) => orderPlaced(1, index))),
        );
        expect((await bench.readModels.listOrders({})).items).toHaveLength(50);
        expect((await bench.readModels.listOrders({ limit: 500 })).items).toHaveLength(51);
      });
    });

    describe('with a position', () => {
      it('include the events through it', async () => {
        const minPosition = await append(orderPlaced(1, 1));
        expect((await bench.readModels.listOrders({ minPosition })).items).toHaveLength(1);
      });

      it('refuse a position that the log does not have', async () => {
        await append(orderPlaced(1, 1));
        await expect(bench.readModels.listOrders({ minPosition: 1 })).rejects.toMatchObject({
          name: 'PositionNotReached',
          head: 0,
        });
      });

      it('report that they are behind when no projector runs', async () => {
        const idle = await openLists(log, { project: false });
        await append(orderPlaced(1, 1));
        await expect(idle.readModels.waitFor(0, 50)).rejects.toMatchObject({
          name: 'ReadModelBehind',
          reached: -1,
        });
        await idle.close();
      });

      it('find an order that was placed a moment ago', async () => {
        await bench.readModels.waitFor(await append(orderPlaced(1, 1)));
        await append(orderPlaced(1, 2));
        expect(await bench.readModels.findOrder(orderId(order(2)))).toMatchObject({ position: 1 });
      });
    });
  });
}
