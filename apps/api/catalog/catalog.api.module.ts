import { Module } from '@nestjs/common';
import { PriceListsModule } from '../../../libs/application/price-lists/price-lists.module.js';
import { PriceListsController } from './price-lists.controller.js';

/** Price lists and offers. */
@Module({
  imports: [PriceListsModule],
  controllers: [PriceListsController],
})
export class CatalogApiModule {}
