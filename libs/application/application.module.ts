import { type DynamicModule, Module, type OnModuleDestroy } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { EventLog } from '../event-log/event-log.js';
import { KeyStore } from '../platform/keys/key-store.js';
import { ReadModels } from '../read-models/read-models.js';
import { DecisionLog } from './engine/commands/decision-log.js';
import { Decisions } from './engine/commands/decisions.js';
import { Fingerprints } from './engine/commands/request-fingerprints.js';
import { LogHead } from './engine/commands/log-head.js';
import { openDecisionLog } from './gate/decision-log-factory.js';
import { PriceRows } from './gate/price-rows.js';
import type { Infrastructure } from './infrastructure.js';
import { ErasureRetries } from './personal-data/erasure-retries.js';
import { Erasures } from './personal-data/erasures.js';
import { PersonalData } from './personal-data/personal-data.js';
import { DayEffects } from './days/day-effects.js';
import { BillingModule } from './billing/parties/billing.module.js';
import { DocumentFolder } from './billing/document-pdf/kept-pdfs.js';
import { ReconciliationModule } from './billing/reconciliation/reconciliation.module.js';
import { SubscriptionEffects } from './days/subscription-effects.js';
import { SubscriptionsModule } from './billing/subscriptions/subscriptions.module.js';
import { TermPricing } from './billing/term-pricing.js';
import { PaymentsModule } from './billing/payments/payments.module.js';
import { RunsModule } from './billing/runs/runs.module.js';
import { CustomersModule } from './customers/customers.module.js';
import { DirectBillModule } from './direct-bill/direct-bill.module.js';
import { OrdersModule } from './orders/orders.module.js';
import { PartnersModule } from './partners/partners.module.js';
import { PersonalDataModule } from './personal-data/personal-data.module.js';
import { PriceListsModule } from './price-lists/price-lists.module.js';
import { ProgramModule } from './program/program.module.js';
import { QualificationModule } from './qualification/qualification.module.js';
import { ReportsModule } from './reports/reports.module.js';
import { RevenueModule } from './revenue/revenue.module.js';
import { ServiceProcesses, serviceProcesses } from './service-processes.js';
import { SpoolFolder } from './uploads/unlinked-file.js';
import { ProgramHistory } from './records/program-history.js';
import { foldOf } from './records/folds.js';
import { Records } from './records/records.js';
import { decisionsOptions } from './records/subjects.js';
import { StateCache } from './engine/states/state-cache.js';
import { Clock } from './engine/time/clock.js';
import { TakeOver } from './take-over/take-over.js';

const features = [
  BillingModule,
  SubscriptionsModule,
  PaymentsModule,
  RunsModule,
  CustomersModule,
  DirectBillModule,
  OrdersModule,
  PartnersModule,
  PersonalDataModule,
  PriceListsModule,
  ProgramModule,
  QualificationModule,
  ReconciliationModule,
  ReportsModule,
  RevenueModule,
];

const services = [ProgramHistory, Records, TakeOver];

@Module({})
export class ApplicationModule implements OnModuleDestroy {
  constructor(
    private readonly decisionLog: DecisionLog,
    private readonly processes: ServiceProcesses,
    private readonly erasureRetries: ErasureRetries,
  ) {}

  /**
   * Commands and reads over an opened log. The module is global because the modules of all features
   * and apps use the log, the clock, the decisions and the command bus.
   */
  static on(infrastructure: Infrastructure): DynamicModule {
    const { log, keys, clock, readModels, snapshots, spoolFolder, documentFolder } = infrastructure;
    const ports = [
      { provide: EventLog, useValue: log },
      { provide: KeyStore, useValue: keys },
      { provide: Clock, useValue: clock },
      { provide: ReadModels, useValue: readModels },
      { provide: SpoolFolder, useValue: new SpoolFolder(spoolFolder) },
      { provide: DocumentFolder, useValue: new DocumentFolder(documentFolder) },
      { provide: StateCache, useValue: new StateCache(log, foldOf, snapshots) },
      { provide: PriceRows, useValue: new PriceRows(log) },
      {
        provide: TermPricing,
        inject: [PriceRows],
        useFactory: (priceRows: PriceRows) => new TermPricing(log, priceRows),
      },
      { provide: PersonalData, useValue: new PersonalData(keys) },
      { provide: Fingerprints, useValue: new Fingerprints(keys) },
      {
        provide: DecisionLog,
        inject: [PriceRows, Fingerprints],
        useFactory: (...[priceRows, fingerprints]: [PriceRows, Fingerprints]) =>
          openDecisionLog(infrastructure, priceRows, fingerprints),
      },
      { provide: LogHead, useFactory: () => LogHead.follow(log, clock) },
      {
        provide: Decisions,
        inject: [StateCache, DecisionLog, Fingerprints, LogHead],
        useFactory: (
          ...[states, decisionLog, fingerprints, head]: [
            StateCache,
            DecisionLog,
            Fingerprints,
            LogHead,
          ]
        ) => new Decisions(states, decisionLog, fingerprints, head, decisionsOptions),
      },
      serviceProcesses(infrastructure),
      {
        provide: ErasureRetries,
        inject: [Erasures],
        useFactory: (erasures: Erasures) => new ErasureRetries(erasures, infrastructure.report),
      },
      {
        provide: DayEffects,
        inject: [ServiceProcesses],
        useFactory: ({ dayEffects }: ServiceProcesses) => dayEffects,
      },
      {
        provide: SubscriptionEffects,
        inject: [ServiceProcesses],
        useFactory: ({ subscriptionEffects }: ServiceProcesses) => subscriptionEffects,
      },
    ];
    return {
      module: ApplicationModule,
      global: true,
      imports: [CqrsModule.forRoot(), ...features],
      providers: [...ports, ...services],
      exports: [...ports.map(({ provide }) => provide), ...services, CqrsModule],
    };
  }

  /**
   * Stops the processes and the validator before the log is closed, so that the validator can write
   * its checkpoint.
   */
  async onModuleDestroy(): Promise<void> {
    await this.processes.stop();
    await this.erasureRetries.stop();
    await this.decisionLog.validator?.stop();
  }
}
