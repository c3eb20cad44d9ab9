import type { KeyRole } from '../deployment/api-keys.js';
import type { Command, Effect } from './command.js';

/** A date from which facts hold before any date that the load uses. */
export const LONG_AGO = '2020-01-01';

/** A command without its number and key. */
export type Drafted = Pick<Command, 'kind' | 'role' | 'method' | 'path' | 'body' | 'effect'>;

/** The commands of the load, each with the event that it must append. */
export class Drafts {
  constructor(readonly today: string) {}

  partner(partnerId: string, model: string): Drafted {
    const body = { legalName: `KK ${partnerId}`, country: 'JP', model };
    return put(
      'register-partner',
      `/v1/partners/${partnerId}`,
      body,
      effect(`partner-${partnerId}`, 'PartnerRegistered', { partnerId, model }),
    );
  }

  fact(partnerId: string, kind: string, body: Readonly<Record<string, unknown>> = {}): Drafted {
    const stated: Record<string, unknown> = { from: LONG_AGO, ...body };
    const { name: _sealed, ...plain } = stated;
    const happened = effect(`partner-${partnerId}`, `${factEvent(kind)}Started`, plain);
    return post(`state-${kind}`, 'operator', `/v1/partners/${partnerId}/${kind}`, stated, happened);
  }

  endFact(partnerId: string, kind: string, of = ''): Drafted {
    const happened = effect(`partner-${partnerId}`, `${factEvent(kind)}Ended`, { on: this.today });
    return post(
      `end-${kind}`,
      'operator',
      `/v1/partners/${partnerId}/${kind}${of}/end`,
      this.ending(),
      happened,
    );
  }

  correctFact(
    partnerId: string,
    kind: string,
    factId: string,
    correction: Readonly<Record<string, unknown>>,
  ): Drafted {
    const happened = effect(`partner-${partnerId}`, `${factEvent(kind)}Corrected`, {
      factId,
      ...correction,
    });
    return post(
      `correct-${kind}`,
      'operator',
      `/v1/partners/${partnerId}/${kind}/correction`,
      { factId, reason: 'x', ...correction },
      happened,
    );
  }

  /** A buyer that registered this tenant as its own CSP tenant, so that TENANT-1 blocks it. */
  cspTenant(buyerId: string, tenantId: string): Drafted {
    const body = {
      legalName: `KK ${buyerId}`,
      country: 'JP',
      model: 'direct-bill',
      cspTenantIds: [tenantId],
    };
    return put(
      'register-csp-tenant',
      `/v1/partners/${buyerId}`,
      body,
      effect(`partner-${buyerId}`, 'PartnerCspTenantRegistered', { tenantId }),
    );
  }

  /**
   * Appends to the partner first and to the tenant last. Its event is the tenant's, unless another
   * command appended that first.
   */
  endCspTenant(buyerId: string, tenantId: string): Drafted {
    const ended = effect(`customer-${tenantId}`, 'TenantCspAssociationRegistrationEnded', {
      partnerId: buyerId,
    });
    const orElse = effect(`partner-${buyerId}`, 'PartnerCspTenantEnded', { tenantId });
    const happened = { ...ended, etagOf: `partner-${buyerId}`, orElse };
    return post(
      'end-csp-tenant',
      'operator',
      `/v1/partners/${buyerId}/csp-tenants/${tenantId}/end`,
      this.ending(),
      happened,
    );
  }

  customer(tenantId: string): Drafted {
    const body = { legalName: `Shoten ${tenantId.slice(0, 8)}`, country: 'JP' };
    return {
      ...put(
        'register-customer',
        `/v1/customers/${tenantId}`,
        body,
        effect(`customer-${tenantId}`, 'CustomerRegistered', { tenantId }),
      ),
      role: 'order-entry',
    };
  }

  sign(tenantId: string, signedOn = LONG_AGO): Drafted {
    const stated = { signedOn, country: 'JP', language: 'ja-JP', method: 'partner-attested' };
    const signatory = {
      firstName: 'Taro',
      lastName: 'Suzuki',
      email: `taro@${tenantId.slice(0, 8)}.example`,
    };
    return this.ofCustomer(
      'sign',
      tenantId,
      'agreements',
      { ...stated, signatory },
      effect(`customer-${tenantId}`, 'CustomerAgreementSigned', stated),
    );
  }

  withdraw(tenantId: string): Drafted {
    return this.ofCustomer(
      'withdraw',
      tenantId,
      'agreements/withdrawal',
      this.ending(),
      effect(`customer-${tenantId}`, 'CustomerAgreementWithdrawn'),
    );
  }

  observe(tenantId: string, associated: boolean): Drafted {
    const observed = { associated, observedOn: this.today };
    const body = { ...observed, source: 'Partner Center' };
    return this.ofCustomer(
      'observe',
      tenantId,
      'csp-association',
      body,
      effect(`customer-${tenantId}`, 'TenantCspAssociationObserved', observed),
    );
  }

  close(tenantId: string): Drafted {
    return this.ofCustomer(
      'close',
      tenantId,
      'closure',
      this.ending(),
      effect(`customer-${tenantId}`, 'CustomerClosed'),
    );
  }

  relate(tenantId: string, partnerId: string): Drafted {
    const body = { partnerId, from: LONG_AGO };
    return this.ofCustomer(
      'relate',
      tenantId,
      'partner-relationships',
      body,
      effect(`customer-${tenantId}`, 'CustomerPartnerRelationshipStarted', body),
    );
  }

  policy(changes: Readonly<Record<string, unknown>>): Drafted {
    return put(
      'publish-policy',
      `/v1/policies/${LONG_AGO}`,
      changes,
      effect('program', 'PolicyPublished', { policy: changes }),
    );
  }

  priceList(month: string, csv: string): Drafted {
    const happened = effect(`pricelist-JP-${month}`, 'PriceListPublished', { market: 'JP', month });
    return { ...put('publish-price-list', `/v1/price-lists/JP/${month}`, {}, happened), body: csv };
  }

  /** `reference` makes it unique. */
  order(
    partnerId: string,
    tenantId: string,
    offerId: string,
    quantity: number,
    reference: string,
  ): Drafted {
    const line = { offerId, quantity, term: 'P1M', billingPlan: 'monthly' };
    const body = { partnerId, tenantId, currency: 'JPY', lines: [line], reference };
    const happened: Effect = {
      stream: `customer-${tenantId}`,
      types: ['OrderPlaced', 'OrderRefused'],
      data: { reference, partnerId },
    };
    return post('order', 'order-entry', '/v1/orders', body, happened);
  }

  cancel(tenantId: string, orderId: string): Drafted {
    const happened = effect(`customer-${tenantId}`, 'OrderCancelled', { orderId });
    return post(
      'cancel',
      'order-entry',
      `/v1/orders/${orderId}/cancellation`,
      { reason: 'ordered by mistake' },
      happened,
    );
  }

  private ofCustomer(
    kind: string,
    tenantId: string,
    path: string,
    body: object,
    happened: Effect,
  ): Drafted {
    return post(kind, 'order-entry', `/v1/customers/${tenantId}/${path}`, body, happened);
  }

  private ending(): object {
    return { on: this.today, reason: 'x' };
  }
}

const effect = (
  stream: string,
  type: string,
  data: Readonly<Record<string, unknown>> = {},
): Effect => ({ stream, types: [type], data });
const put = (kind: string, path: string, body: object, happened: Effect): Drafted => ({
  kind,
  role: 'operator',
  method: 'PUT',
  path,
  body,
  effect: happened,
});
const post = (
  kind: string,
  role: KeyRole,
  path: string,
  body: object,
  happened: Effect,
): Drafted => ({
  kind,
  role,
  method: 'POST',
  path,
  body,
  effect: happened,
});

/** Events of `provider-relationships` are named `PartnerProviderRelationship…`. */
function factEvent(kind: string): string {
  const words = kind.replace(/s$/, '').split('-');
  return `Partner${words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')}`;
}
