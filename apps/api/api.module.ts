import { type DynamicModule, Module } from '@nestjs/common';
import { BillingApiModule } from './billing/billing.api.module.js';
import { CatalogApiModule } from './catalog/catalog.api.module.js';
import { CustomersApiModule } from './customers/customers.api.module.js';
import { DirectBillApiModule } from './direct-bill/direct-bill.api.module.js';
import { EventsApiModule } from './events/events.api.module.js';
import { HealthController } from './health/health.controller.js';
import { OrdersApiModule } from './orders/orders.api.module.js';
import { PartnersApiModule } from './partners/partners.api.module.js';
import { ProgramApiModule } from './program/program.api.module.js';
import { ProjectionsController } from './projections/projections.controller.js';
import { QualificationApiModule } from './qualification/qualification.api.module.js';
import { ReportsApiModule } from './reports/reports.api.module.js';
import { RevenueApiModule } from './revenue/revenue.api.module.js';

/** Everything under /v1, and the health checks. */
@Module({})
export class ApiModule {
  static on(application: DynamicModule): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        application,
        OrdersApiModule,
        CustomersApiModule,
        PartnersApiModule,
        DirectBillApiModule,
        BillingApiModule,
        CatalogApiModule,
        ProgramApiModule,
        RevenueApiModule,
        EventsApiModule,
        QualificationApiModule,
        ReportsApiModule,
      ],
      // These two controllers use only the services of the application, so they need no separate
      // module.
      controllers: [ProjectionsController, HealthController],
    };
  }
}
