import { Module } from '@nestjs/common';
import { PartnersModule } from '../../../libs/application/partners/partners.module.js';
import { PersonalDataModule } from '../../../libs/application/personal-data/personal-data.module.js';
import { ReadingModule } from '../reading/read-bounds.js';
import { DirectBillController } from './direct-bill.controller.js';
import { PartnerFactChangesController } from './partner-fact-changes.controller.js';
import { PartnerFactsController } from './partner-facts.controller.js';
import { PartnersController } from './partners.controller.js';

/** Partners, their dated facts and their direct-bill authorization. */
@Module({
  imports: [PartnersModule, PersonalDataModule, ReadingModule],
  controllers: [
    PartnersController,
    PartnerFactsController,
    PartnerFactChangesController,
    DirectBillController,
  ],
})
export class PartnersApiModule {}
