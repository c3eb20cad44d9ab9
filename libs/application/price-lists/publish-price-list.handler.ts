import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { PriceListEvent } from '../../domain/catalog/price-list.js';
import type { Proposed } from '../../domain/shared/event.js';
import { StateCache } from '../engine/states/state-cache.js';
import { priceListFold, programFold } from '../records/folds.js';
import { ListPublication } from './list-publication.js';
import {
  type PriceListOutcome,
  type PriceListRefusal,
  PublishPriceList,
} from './price-list.command.js';

@CommandHandler(PublishPriceList)
export class PublishPriceListHandler implements ICommandHandler<PublishPriceList> {
  constructor(
    private readonly lists: ListPublication,
    private readonly states: StateCache,
  ) {}

  execute({ context, market, month, csv }: PublishPriceList): Promise<PriceListOutcome> {
    return this.lists.publish(context, {
      csv,
      fold: priceListFold(market, month),
      event: (publication): Proposed<PriceListEvent> => ({
        type: 'PriceListPublished',
        data: { market, month, ...publication },
      }),
      listOrRefusal: async () => {
        const refusal = marketRefusal(await marketCodes(this.states), market);
        return refusal ? { refusal } : { list: { kind: 'price-list', market } };
      },
    });
  }
}

export const marketCodes = async (states: StateCache): Promise<readonly string[]> => [
  ...(await states.load(programFold)).state.markets.keys(),
];

export const marketRefusal = (
  codes: readonly string[],
  market: string,
): PriceListRefusal | undefined =>
  codes.includes(market)
    ? undefined
    : { code: 'market-unknown', market, marketCodes: codes.toSorted() };
