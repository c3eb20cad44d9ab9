import { Module } from '@nestjs/common';
import { Erasures } from './erasures.js';

/** Erasure of personal data. */
@Module({ providers: [Erasures], exports: [Erasures] })
export class PersonalDataModule {}
