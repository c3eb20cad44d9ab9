import { Module } from '@nestjs/common';
import { CustomersModule } from '../../../libs/application/customers/customers.module.js';
import { PersonalDataModule } from '../../../libs/application/personal-data/personal-data.module.js';
import { ReadingModule } from '../reading/read-bounds.js';
import { CustomerAgreementsController } from './customer-agreements.controller.js';
import { CustomerRelationshipsController } from './customer-relationships.controller.js';
import { CustomerScope } from './customer-scope.js';
import { CustomersController } from './customers.controller.js';

/** Customers: their details, agreements, associations and relationships. */
@Module({
  imports: [CustomersModule, PersonalDataModule, ReadingModule],
  controllers: [CustomersController, CustomerAgreementsController, CustomerRelationshipsController],
  providers: [CustomerScope],
  exports: [CustomerScope],
})
export class CustomersApiModule {}
