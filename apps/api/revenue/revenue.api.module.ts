import { Module } from '@nestjs/common';
import { RevenueModule } from '../../../libs/application/revenue/revenue.module.js';
import { ReadingModule } from '../reading/read-bounds.js';
import { RevenueImportsController } from './revenue-imports.controller.js';
import { RevenueController } from './revenue.controller.js';
import { TrailingRevenueController } from './trailing-revenue.controller.js';

/** Revenue entries, their import, and trailing revenue. */
@Module({
  imports: [RevenueModule, ReadingModule],
  controllers: [RevenueController, RevenueImportsController, TrailingRevenueController],
})
export class RevenueApiModule {}
