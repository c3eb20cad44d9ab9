import { Module } from '@nestjs/common';
import { PublishPriceListHandler } from './publish-price-list.handler.js';

/** Publication of price lists. */
@Module({ providers: [PublishPriceListHandler] })
export class PriceListsModule {}
