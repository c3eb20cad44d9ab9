import { paddedOfferId } from '../../../libs/domain/catalog/offer-id.js';
import type { OrderRequest } from '../../../libs/domain/order/order.js';
import { partnerId, tenantId } from '../../../libs/domain/shared/ids.js';
import type { PlaceOrderDto } from '../../api/dto/orders.dto.js';

/** The request to the gate, from a body that its class has validated. */
export const orderRequestOf = ({
  partnerId: seller,
  providerId,
  tenantId: tenant,
  currency,
  lines,
  reference,
}: PlaceOrderDto): OrderRequest => ({
  partnerId: partnerId(seller),
  ...(providerId === undefined ? {} : { providerId: partnerId(providerId) }),
  tenantId: tenantId(tenant),
  currency,
  lines: lines.map(({ offerId, quantity, term, billingPlan }) => ({
    offerId: paddedOfferId(offerId),
    quantity,
    term,
    billingPlan,
  })),
  ...(reference === undefined ? {} : { reference }),
});
