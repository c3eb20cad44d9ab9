import { type DynamicModule, Module } from '@nestjs/common';
import { EventLog } from '../../libs/event-log/event-log.js';
import { PriceListsController } from './catalog/price-lists.controller.js';
import { CustomerAgreementsController } from './customers/customer-agreements.controller.js';
import { CustomerRelationshipsController } from './customers/customer-relationships.controller.js';
import { CustomerScope } from './customers/customer-scope.js';
import { CustomersController } from './customers/customers.controller.js';
import { ApplicationAnswers } from './direct-bill/application-answers.js';
import { DirectBillApplicationsController } from './direct-bill/direct-bill-applications.controller.js';
import { PartnerApplicationsController } from './direct-bill/partner-applications.controller.js';
import { EventPages } from './events/event-pages.js';
import { EventStreams } from './events/event-streams.js';
import { EventsController } from './events/events.controller.js';
import { HealthController } from './health/health.controller.js';
import { OrderReading } from './orders/order-reading.js';
import { OrdersController } from './orders/orders.controller.js';
import { PlaceOrdersController } from './orders/place-orders.controller.js';
import { DirectBillController } from './partners/direct-bill.controller.js';
import { PartnerFactChangesController } from './partners/partner-fact-changes.controller.js';
import { PartnerFactsController } from './partners/partner-facts.controller.js';
import { PartnersController } from './partners/partners.controller.js';
import { ProgramController } from './program/program.controller.js';
import { ProjectionsController } from './projections/projections.controller.js';
import { CustomerEligibilityController } from './qualification/customer-eligibility.controller.js';
import { QualificationController } from './qualification/qualification.controller.js';
import { LogReached } from './reading/log-reached.js';
import { ReportsController } from './reports/reports.controller.js';
import { RevenueImportsController } from './revenue/revenue-imports.controller.js';
import { RevenueController } from './revenue/revenue.controller.js';
import { TrailingRevenueController } from './revenue/trailing-revenue.controller.js';

/** Everything that is served under /v1, and the health of the service. */
@Module({})
export class ApiModule {
  static on(application: DynamicModule): DynamicModule {
    return {
      module: ApiModule,
      imports: [application],
      controllers: [
        PlaceOrdersController,
        OrdersController,
        CustomersController,
        CustomerAgreementsController,
        CustomerRelationshipsController,
        PartnersController,
        PartnerFactsController,
        PartnerFactChangesController,
        DirectBillController,
        PartnerApplicationsController,
        DirectBillApplicationsController,
        PriceListsController,
        ProgramController,
        RevenueController,
        RevenueImportsController,
        TrailingRevenueController,
        EventsController,
        QualificationController,
        CustomerEligibilityController,
        ProjectionsController,
        ReportsController,
        HealthController,
      ],
      providers: [
        {
          provide: EventStreams,
          useFactory: (log: EventLog) => new EventStreams(log),
          inject: [EventLog],
        },
        ApplicationAnswers,
        CustomerScope,
        EventPages,
        LogReached,
        OrderReading,
      ],
    };
  }
}
