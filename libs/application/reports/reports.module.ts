import { Module } from '@nestjs/common';
import { Reports } from './reports.js';

/** Reports. */
@Module({ providers: [Reports], exports: [Reports] })
export class ReportsModule {}
