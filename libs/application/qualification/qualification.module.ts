import { Module } from '@nestjs/common';
import { EligibilityReads } from './eligibility-reads.js';
import { PartnerReads } from './partner-reads.js';

/** Queries about tenure, direct-bill eligibility and customer eligibility. */
@Module({ providers: [EligibilityReads, PartnerReads], exports: [EligibilityReads, PartnerReads] })
export class QualificationModule {}
