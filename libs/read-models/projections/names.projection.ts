import type { CustomerEvent } from '../../domain/customer/customer.js';
import type { PartnerEvent } from '../../domain/partner/partner.js';
import type { Recorded } from '../../domain/shared/event.js';
import { projection, table } from '../projection.js';
import type { NamesRow } from '../rows.js';

/** Key: the stream of the partner or customer. */
const names = table<NamesRow>('names', { columns: {}, indexes: [] });

type Naming = Recorded<string, { readonly legalName?: string }> & { readonly position: number };

const named = ({ stream, position, data: { legalName } }: Naming) =>
  legalName === undefined
    ? []
    : names.change(stream, (row) => ({
        versions: [...(row?.versions ?? []), { position, name: legalName }],
      }));

/**
 * The present and earlier names of partners and customers, so that a report at a position uses the
 * names known then.
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
