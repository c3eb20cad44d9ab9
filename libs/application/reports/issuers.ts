import type { BillingEntityId } from '../../domain/shared/ids.js';
import { buysThrough, wantedPartners } from './partner-columns.js';
import type { ReportColumn, ReportQuery, ReportSources } from './report.js';

export const issuerColumn: ReportColumn = {
  name: 'entityId',
  type: 'text',
  description: 'The billing entity',
};
export const payerColumn: ReportColumn = {
  name: 'payer',
  type: 'text',
  description: 'customer:<tenantId> or partner:<partnerId>',
};
export const currencyColumn: ReportColumn = {
  name: 'currency',
  type: 'text',
  unit: 'ISO 4217',
  description: 'The currency of the amounts',
};

/** An amount in the currency of the row. */
export const amountColumn = (name: string, description: string): ReportColumn => ({
  name,
  type: 'decimal',
  currencyColumn: 'currency',
  unit: 'of its currency',
  description,
  totalled: true,
});

/**
 * The billing entities whose rows are wanted: those of the partners of the key's scope, of the
 * requested partner, and of partners that buy through the requested provider. Undefined if all are
 * wanted.
 */
export async function wantedIssuers(
  query: ReportQuery,
  { readModels }: ReportSources,
): Promise<readonly BillingEntityId[] | undefined> {
  const partnerIds = wantedPartners(query);
  if (partnerIds === undefined && query.providerId === undefined) return undefined;
  const wanted: BillingEntityId[] = [];
  for (let cursor: string | undefined; ;) {
    const { items, nextCursor } = await readModels.listBillingEntities({
      limit: 500,
      cursor,
      scope: partnerIds,
      minPosition: Math.max(query.knownAt, 0),
    });
    const partners = await readModels.partnersAtPosition(
      'tenure',
      items.map(({ partnerId }) => partnerId),
      query.knownAt,
    );
    wanted.push(
      ...items
        .filter((_entity, index) => {
          const partner = partners[index];
          return partner !== undefined && buysThrough(partner, query);
        })
        .map(({ entityId }) => entityId),
    );
    if (nextCursor === null) return wanted;
    cursor = nextCursor;
  }
}
