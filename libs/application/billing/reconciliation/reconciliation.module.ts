import { Module } from '@nestjs/common';
import { ChargesAtCost } from './charges-at-cost.js';
import { Comparisons } from './comparison.js';
import { OurCharges } from './our-charges.js';
import { RecordReconciliationHandler } from './record-reconciliation.handler.js';

/** Microsoft's files, compared with our charges. */
@Module({
  providers: [
    RecordReconciliationHandler,
    Comparisons,
    { provide: OurCharges, useClass: ChargesAtCost },
  ],
  exports: [Comparisons],
})
export class ReconciliationModule {}
