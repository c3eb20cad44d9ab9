import { Module } from '@nestjs/common';
import { ListPublication } from './list-publication.js';
import {
  PublishPartnerOffersHandler,
  PublishSellingPricesHandler,
} from './publish-partner-list.handlers.js';
import { PublishPriceListHandler } from './publish-price-list.handler.js';

/** Publication of price lists, partner-owned offers and selling prices. */
@Module({
  providers: [
    ListPublication,
    PublishPriceListHandler,
    PublishPartnerOffersHandler,
    PublishSellingPricesHandler,
  ],
})
export class PriceListsModule {}
