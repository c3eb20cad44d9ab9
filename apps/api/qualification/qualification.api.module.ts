import { Module } from '@nestjs/common';
import { QualificationModule } from '../../../libs/application/qualification/qualification.module.js';
import { CustomersApiModule } from '../customers/customers.api.module.js';
import { ReadingModule } from '../reading/read-bounds.js';
import { CustomerEligibilityController } from './customer-eligibility.controller.js';
import { QualificationController } from './qualification.controller.js';

/** Tenure, direct-bill eligibility and customer eligibility. */
@Module({
  imports: [QualificationModule, CustomersApiModule, ReadingModule],
  controllers: [QualificationController, CustomerEligibilityController],
})
export class QualificationApiModule {}
