import { Module } from '@nestjs/common';
import { TakeApplicationStepHandler } from './application.handler.js';
import { AuthorizationStarts } from './authorization-start.js';

/** Commands on direct-bill applications, and the start of the authorization after an approval. */
@Module({
  providers: [TakeApplicationStepHandler, AuthorizationStarts],
  exports: [AuthorizationStarts],
})
export class DirectBillModule {}
