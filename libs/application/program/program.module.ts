import { Module } from '@nestjs/common';
import { ChangeProgramHandler } from './program.handler.js';

/** Commands on the program: policies, rates, agreement versions, rulesets, the clock. */
@Module({ providers: [ChangeProgramHandler], exports: [ChangeProgramHandler] })
export class ProgramModule {}
