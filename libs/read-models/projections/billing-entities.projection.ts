import type { BillingEntityEvent } from '../../domain/billing/parties/billing-entity.js';
import { projection, table } from '../projection.js';
import type { BillingEntityRow } from '../rows.js';

/** The key is the partner, because a partner has one entity. */
const entities = table<BillingEntityRow>('billing_entities', {
  columns: { position: { type: 'integer', of: (row) => row.position } },
  indexes: [['position']],
});

export const billingEntitiesProjection = projection<BillingEntityEvent>('billing-entities', 1, {
  streams: ['billingentity'],
  tables: [entities],
  on: {
    BillingEntityRegistered: ({ data, position }) =>
      entities.put(data.partnerId, { ...data, position }),
    BillingEntityChanged: ({ data, stream }) =>
      entities.change(
        stream.slice('billingentity-'.length),
        (row) =>
          row && {
            entityId: row.entityId,
            partnerId: row.partnerId,
            ...data,
            position: row.position,
          },
      ),
  },
});
