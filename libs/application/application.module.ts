import { type DynamicModule, Module, type OnModuleDestroy } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { EventLog } from '../event-log/event-log.js';
import { KeyStore } from '../platform/keys/key-store.js';
import { ReadModels } from '../read-models/read-models.js';
import { ChangeCustomerHandler, SignAgreementHandler } from './customers/customer.handlers.js';
import { DecisionLog } from './decisions/decision-log.js';
import { Decisions } from './decisions/decisions.js';
import { Fingerprints } from './decisions/fingerprints.js';
import { LogHead } from './decisions/log-head.js';
import { openDecisionLog } from './decisions/open-decision-log.js';
import { TakeApplicationStepHandler } from './direct-bill/application.handler.js';
import { AuthorizationStarts } from './direct-bill/start-authorization.js';
import { PriceRows } from './gate/price-rows.js';
import type { Infrastructure } from './infrastructure.js';
import { CancelOrderHandler } from './orders/cancel-order.handler.js';
import { EligibilityChecks } from './orders/eligibility-check.js';
import { PlaceOrderHandler } from './orders/place-order.handler.js';
import { CspTenantAssociations } from './partners/csp-tenant-associations.js';
import { EndCspTenantHandler } from './partners/end-csp-tenant.handler.js';
import { ChangePartnerHandler, StateSigningAuthorityHandler } from './partners/partner.handlers.js';
import { RegisterPartnerHandler } from './partners/register-partner.handler.js';
import { ErasureRetries } from './personal-data/erasure-retries.js';
import { Erasures } from './personal-data/erasures.js';
import { PersonalData } from './personal-data/personal-data.js';
import { DayEffects } from './processes/day-effects.js';
import { ServiceProcesses, serviceProcesses } from './processes/service-processes.js';
import { PublishPriceListHandler } from './price-lists/publish-price-list.handler.js';
import { ChangeProgramHandler } from './program/program.handler.js';
import { EligibilityReads } from './qualification/eligibility-reads.js';
import { PartnerReads } from './qualification/partner-reads.js';
import { Reports } from './reports/reports.js';
import { ChangeRevenueHandler } from './revenue/change-revenue.handler.js';
import { ImportRevenueHandler } from './revenue/import/import-revenue.handler.js';
import { SpoolFolder } from './revenue/import/revenue-spool.js';
import { RecordRevenueHandler } from './revenue/record-revenue.handler.js';
import { TrailingRevenueReading } from './revenue/trailing-revenue-reading.js';
import { ProgramHistory } from './states/program-history.js';
import { Records } from './states/records.js';
import { StateCache } from './states/state-cache.js';
import { Clock } from './time/clock.js';

const handlers = [
  CancelOrderHandler,
  ChangeCustomerHandler,
  ChangePartnerHandler,
  ChangeProgramHandler,
  ChangeRevenueHandler,
  EndCspTenantHandler,
  ImportRevenueHandler,
  PlaceOrderHandler,
  PublishPriceListHandler,
  RecordRevenueHandler,
  RegisterPartnerHandler,
  SignAgreementHandler,
  StateSigningAuthorityHandler,
  TakeApplicationStepHandler,
];

const services = [
  AuthorizationStarts,
  CspTenantAssociations,
  EligibilityChecks,
  EligibilityReads,
  Erasures,
  PartnerReads,
  ProgramHistory,
  Records,
  Reports,
  TrailingRevenueReading,
];

@Module({})
export class ApplicationModule implements OnModuleDestroy {
  constructor(
    private readonly decisionLog: DecisionLog,
    private readonly processes: ServiceProcesses,
    private readonly erasureRetries: ErasureRetries,
  ) {}

  /**
   * Commands and queries over an opened log. Global, so that every controller and verb can give
   * them.
   */
  static on(infrastructure: Infrastructure): DynamicModule {
    const { log, keys, clock, readModels, snapshots, spoolFolder } = infrastructure;
    const ports = [
      { provide: EventLog, useValue: log },
      { provide: KeyStore, useValue: keys },
      { provide: Clock, useValue: clock },
      { provide: ReadModels, useValue: readModels },
      { provide: SpoolFolder, useValue: new SpoolFolder(spoolFolder) },
      { provide: StateCache, useValue: new StateCache(log, snapshots) },
      { provide: PriceRows, useValue: new PriceRows(log) },
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
        ) => new Decisions(states, decisionLog, fingerprints, head),
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
    ];
    return {
      module: ApplicationModule,
      global: true,
      imports: [CqrsModule.forRoot()],
      providers: [...ports, ...services, ...handlers],
      exports: [...ports.map(({ provide }) => provide), ...services, CqrsModule],
    };
  }

  /** Before the log is closed: what has been judged is kept. */
  async onModuleDestroy(): Promise<void> {
    await this.processes.stop();
    await this.erasureRetries.stop();
    await this.decisionLog.standing?.stop();
  }
}
