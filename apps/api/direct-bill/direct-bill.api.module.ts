import { Module } from '@nestjs/common';
import { DirectBillModule } from '../../../libs/application/direct-bill/direct-bill.module.js';
import { ReadingModule } from '../reading/read-bounds.js';
import { ApplicationAnswers } from './application-answers.js';
import { DirectBillApplicationsController } from './direct-bill-applications.controller.js';
import { PartnerApplicationsController } from './partner-applications.controller.js';

/** Applications for direct billing. */
@Module({
  imports: [DirectBillModule, ReadingModule],
  controllers: [PartnerApplicationsController, DirectBillApplicationsController],
  providers: [ApplicationAnswers],
})
export class DirectBillApiModule {}
