import { Module } from '@nestjs/common';
import { PriceListsModule } from '../../../libs/application/price-lists/price-lists.module.js';
import { PartnerListsController } from './partner-lists.controller.js';
import { PriceListsController } from './price-lists.controller.js';

/** Price lists, partner-owned offers and selling prices. */
@Module({
  imports: [PriceListsModule],
  controllers: [PriceListsController, PartnerListsController],
})
export class CatalogApiModule {}
