import type { Projection } from '../projection.js';
import { customersProjection } from './customers.projection.js';
import { namesProjection } from './names.projection.js';
import { offersProjection } from './offers.projection.js';
import { ordersProjection } from './orders.projection.js';
import { partnersProjection } from './partners.projection.js';

/** Every projection of this release. */
export const projections: readonly Projection[] = [partnersProjection, customersProjection, ordersProjection, offersProjection, namesProjection];
