import { Command } from '@nestjs/cqrs';
import type { AgreementMethod } from '../../domain/customer/customer.js';
import type { CustomerCommand, CustomerRefusal } from '../../domain/customer/customer.decide.js';
import type { TenantId } from '../../domain/shared/ids.js';
import type { CommandContext } from '../engine/commands/command-context.js';
import type { Outcome } from '../engine/commands/decision.js';

/** A command that is decided on one customer's record alone. */
export class ChangeCustomer extends Command<Outcome<CustomerRefusal>> {
  constructor(
    readonly context: CommandContext,
    readonly tenantId: TenantId,
    readonly change: CustomerCommand,
  ) {
    super();
  }
}

export interface Signatory {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone?: string;
}

/**
 * The customer has accepted the Microsoft Customer Agreement. The signatory is a person, so the
 * name is sealed before it is appended.
 */
export class SignAgreement extends Command<Outcome<CustomerRefusal>> {
  constructor(
    readonly context: CommandContext,
    readonly tenantId: TenantId,
    readonly agreement: {
      readonly signedOn: string;
      readonly country: string;
      readonly language: string;
      readonly version?: string;
      readonly method: AgreementMethod;
    },
    readonly signatory: Signatory,
  ) {
    super();
  }
}
