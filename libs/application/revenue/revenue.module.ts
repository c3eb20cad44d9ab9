import { Module } from '@nestjs/common';
import { ChangeRevenueHandler } from './change-revenue.handler.js';
import { ImportRevenueHandler } from './import/import-revenue.handler.js';
import { RecordRevenueHandler } from './record-revenue.handler.js';
import { TrailingRevenueReading } from './trailing-revenue-reading.js';

/** Revenue entries, their import, and trailing revenue. */
@Module({
  providers: [
    RecordRevenueHandler,
    ChangeRevenueHandler,
    ImportRevenueHandler,
    TrailingRevenueReading,
  ],
  exports: [TrailingRevenueReading],
})
export class RevenueModule {}
