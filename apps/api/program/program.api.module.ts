import { Module } from '@nestjs/common';
import { ProgramModule } from '../../../libs/application/program/program.module.js';
import { ReadingModule } from '../reading/read-bounds.js';
import { ProgramController } from './program.controller.js';

/** Policies, agreement versions, exchange rates, rulesets and the clock. */
@Module({
  imports: [ProgramModule, ReadingModule],
  controllers: [ProgramController],
})
export class ProgramApiModule {}
