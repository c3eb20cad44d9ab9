import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { PartnerOffersEvent } from '../../domain/catalog/partner-offers.js';
import type { UploadedList } from '../../domain/catalog/price-list-row.js';
import type { SellingPricesEvent } from '../../domain/catalog/selling-prices.js';
import type { Proposed } from '../../domain/shared/event.js';
import type { PartnerId } from '../../domain/shared/ids.js';
import { StateCache } from '../engine/states/state-cache.js';
import { partnerFold, partnerOffersFold, sellingPricesFold } from '../records/folds.js';
import { ofPartner } from '../records/subjects.js';
import { ListPublication } from './list-publication.js';
import {
  type PriceListOutcome,
  type PriceListRefusal,
  PublishPartnerOffers,
  PublishSellingPrices,
} from './price-list.command.js';
import { marketCodes, marketRefusal } from './publish-price-list.handler.js';

@CommandHandler(PublishSellingPrices)
export class PublishSellingPricesHandler implements ICommandHandler<PublishSellingPrices> {
  constructor(
    private readonly lists: ListPublication,
    private readonly states: StateCache,
  ) {}

  execute({
    context,
    partnerId,
    market,
    month,
    csv,
  }: PublishSellingPrices): Promise<PriceListOutcome> {
    return this.lists.publish(context, {
      csv,
      fold: sellingPricesFold(partnerId, market, month),
      event: (publication): Proposed<SellingPricesEvent> => ({
        type: 'SellingPricesPublished',
        data: { partnerId, market, month, ...publication },
      }),
      inScope: ofPartner(partnerId),
      listOrRefusal: async () => {
        const refusal =
          (await partnerRefusal(this.states, partnerId)) ??
          marketRefusal(await marketCodes(this.states), market);
        return refusal ? { refusal } : { list: { kind: 'selling-prices', market } };
      },
    });
  }
}

@CommandHandler(PublishPartnerOffers)
export class PublishPartnerOffersHandler implements ICommandHandler<PublishPartnerOffers> {
  constructor(
    private readonly lists: ListPublication,
    private readonly states: StateCache,
  ) {}

  execute({ context, partnerId, month, csv }: PublishPartnerOffers): Promise<PriceListOutcome> {
    return this.lists.publish(context, {
      csv,
      fold: partnerOffersFold(partnerId, month),
      event: (publication): Proposed<PartnerOffersEvent> => ({
        type: 'PartnerOffersPublished',
        data: { partnerId, month, ...publication },
      }),
      inScope: ofPartner(partnerId),
      listOrRefusal: async () => {
        const refusal = await partnerRefusal(this.states, partnerId);
        if (refusal) return { refusal };
        const list: UploadedList = {
          kind: 'partner-offers',
          markets: await marketCodes(this.states),
        };
        return { list };
      },
    });
  }
}

async function partnerRefusal(
  states: StateCache,
  partnerId: PartnerId,
): Promise<PriceListRefusal | undefined> {
  await states.catchUp();
  const { registration } = (await states.load(partnerFold(partnerId))).state;
  return registration ? undefined : { code: 'partner-unknown' };
}
