import type { CustomerEvent } from '../../domain/customer/customer.js';
import type { PartnerEvent } from '../../domain/partner/partner.js';
import type { Recorded } from '../../domain/shared/event.js';
import { projection, table } from '../projection.js';
import type { NamesRow } from '../rows.js';

/** Keyed by the stream of whoever has the name. */
const names = table<NamesRow>('names', { columns: {}, indexes: [] });

type Naming = Recorded<string, { readonly legalName?: string }> & { readonly position: number };

const named = ({ stream, position, data: { legalName } }: Naming) =>
  legalName === undefined
    ? []
    : names.change(stream, (row) => ({
        versions: [...(row?.versions ?? []), { position, name: legalName }],
      }));

/**
 * What partners and customers are called, and were called before: a report of what was known at a
 * position names them as it was known.
 */
export const namesProjection = projection<PartnerEvent | CustomerEvent>('names', 1, {
  streams: ['partner', 'customer'],
  tables: [names],
  on: {
    PartnerRegistered: named,
    PartnerDetailsChanged: named,
    CustomerRegistered: named,
    CustomerDetailsChanged: named,
  },
});
