import {
  ChangeCustomer,
  SignAgreement,
} from '../../../libs/application/customers/customer.commands.js';
import type { CustomerCommand } from '../../../libs/domain/customer/customer.decide.js';
import { addDays } from '../../../libs/domain/shared/calendar.js';
import { partnerId, tenantId } from '../../../libs/domain/shared/ids.js';
import { checkedLongAgoOn, type DemoCustomer, tenantIdOf } from './customers.js';
import { type DemoStep, step } from './step.js';

/** Registers a customer and records its facts, once for all months. */
export function customerSteps(customer: DemoCustomer): readonly DemoStep[] {
  const { legalName, country, domain, qualifications = [], agreement, seller } = customer;
  const change = changeOf(customer);
  const steps = [
    change('', {
      type: 'register-customer',
      legalName,
      country,
      domain,
      qualifications,
      ...(agreement && { language: agreement.language }),
    }),
  ];
  if (agreement) steps.push(signing(customer, agreement));
  if (agreement?.withdrawnOn)
    steps.push(
      change('/withdrawal', {
        type: 'withdraw-agreement',
        on: agreement.withdrawnOn,
        reason: 'the customer has revoked it',
      }),
    );
  if (customer.relationshipSince) {
    steps.push(
      change('/relationship', {
        type: 'start-relationship',
        value: { partnerId: partnerId(seller), from: customer.relationshipSince },
      }),
    );
  }
  if (customer.tenantCheck === 'long-ago')
    steps.push(change('/check', observation(false, checkedLongAgoOn)));
  return steps;
}

/**
 * Every month the tenants are looked up again, some days before it begins. Associated tenants are
 * found associated again.
 */
export function monthlyCheck(customer: DemoCustomer, month: string): readonly DemoStep[] {
  if (customer.tenantCheck === 'never' || customer.tenantCheck === 'long-ago') return [];
  const daysBefore = 3 + (Number.parseInt(customer.id, 16) % 20);
  return [
    changeOf(customer)(
      `/check/${month}`,
      observation(customer.tenantCheck === 'associated', addDays(`${month}-01`, -daysBefore)),
    ),
  ];
}

const observation = (associated: boolean, observedOn: string): CustomerCommand => ({
  type: 'observe-csp-association',
  associated,
  observedOn,
  source: 'Partner Center, customer list',
});

const changeOf =
  (customer: DemoCustomer) =>
  (name: string, change: CustomerCommand): DemoStep =>
    step(
      `customer/${customer.id}${name}`,
      (context) => new ChangeCustomer(context, tenantId(tenantIdOf(customer)), change),
    );

function signing(
  customer: DemoCustomer,
  { signedOn, language, signatory }: NonNullable<DemoCustomer['agreement']>,
): DemoStep {
  const agreement = {
    signedOn,
    country: customer.country,
    language,
    method: 'partner-attested',
  } as const;
  return step(
    `customer/${customer.id}/agreement`,
    (context) => new SignAgreement(context, tenantId(tenantIdOf(customer)), agreement, signatory),
  );
}
