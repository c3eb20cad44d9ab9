import { Module } from '@nestjs/common';
import { ReconciliationModule } from '../billing/reconciliation/reconciliation.module.js';
import { Reports } from './reports.js';

/** Reports. */
@Module({ imports: [ReconciliationModule], providers: [Reports], exports: [Reports] })
export class ReportsModule {}
