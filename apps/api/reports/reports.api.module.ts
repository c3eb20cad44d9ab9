import { Module } from '@nestjs/common';
import { ReportsModule } from '../../../libs/application/reports/reports.module.js';
import { ReadingModule } from '../reading/read-bounds.js';
import { ReportsController } from './reports.controller.js';

/** Reports. */
@Module({
  imports: [ReportsModule, ReadingModule],
  controllers: [ReportsController],
})
export class ReportsApiModule {}
