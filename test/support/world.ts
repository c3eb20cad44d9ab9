import { randomUUID } from 'node:crypto';
import type { Client } from './client.js';

/** A date from which facts hold before any date that a test uses. */
export const LONG_AGO = '2020-01-01';

/**
 * Prepares partners and customers over HTTP. Every id is new, so that tests share a service but no
 * data.
 */
export class World {
  constructor(
    readonly operator: Client,
    readonly today: string,
  ) {}

  /** Makes a call that must succeed. */
  async say(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: object | string,
  ): Promise<Record<string, unknown>> {
    const answer = await this.operator.call<Record<string, unknown>>(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path} ${JSON.stringify(body)}: ${answer.status} ${answer.text}`);
    return answer.body;
  }

  async partner(
    model: 'indirect-provider' | 'indirect-reseller' | 'direct-bill',
    country = 'JP',
  ): Promise<string> {
    const partnerId = `${model === 'indirect-provider' ? 'provider' : 'seller'}-${randomUUID().slice(0, 13)}`;
    await this.say('PUT', `/v1/partners/${partnerId}`, { legalName: partnerId, country, model });
    return partnerId;
  }

  /** States a dated fact and returns its factId. */
  async fact(partnerId: string, kind: string, body: object = {}): Promise<string> {
    const { factId } = await this.say('POST', `/v1/partners/${partnerId}/${kind}`, {
      from: LONG_AGO,
      ...body,
    });
    return String(factId);
  }

  async provider(country = 'JP'): Promise<string> {
    const providerId = await this.partner('indirect-provider', country);
    await this.fact(providerId, 'provider-authorization');
    return providerId;
  }

  /** States the facts that SELLER-1 to SELLER-3 require of every seller. */
  async equip(partnerId: string, country = 'JP'): Promise<void> {
    await this.fact(partnerId, 'memberships');
    await this.fact(partnerId, 'locations', { partnerLocationId: randomUUID(), country });
    await this.fact(partnerId, 'signing-authority', { name: 'Hanako Yamada', title: 'CEO' });
  }

  async reseller(providerId: string, country = 'JP'): Promise<string> {
    const partnerId = await this.partner('indirect-reseller', country);
    await this.equip(partnerId, country);
    await this.fact(partnerId, 'provider-relationships', { providerId });
    return partnerId;
  }

  async directBill(country = 'JP'): Promise<string> {
    const partnerId = await this.partner('direct-bill', country);
    await this.equip(partnerId, country);
    await this.fact(partnerId, 'support-plans', { plan: 'advanced' });
    await this.fact(partnerId, 'direct-bill-authorization', { evidence: 'letter of 2020' });
    return partnerId;
  }

  async customer(details: object = {}, tenantId: string = randomUUID()): Promise<string> {
    await this.say('PUT', `/v1/customers/${tenantId}`, {
      legalName: 'Kobe Foods',
      country: 'JP',
      ...details,
    });
    return tenantId;
  }

  sign(tenantId: string, details: object = {}): Promise<Record<string, unknown>> {
    return this.say('POST', `/v1/customers/${tenantId}/agreements`, {
      signedOn: LONG_AGO,
      country: 'JP',
      language: 'ja-JP',
      signatory: { firstName: 'Taro', lastName: 'Suzuki', email: 'taro@kobe.example' },
      method: 'partner-attested',
      ...details,
    });
  }

  observe(
    tenantId: string,
    associated = false,
    observedOn = this.today,
  ): Promise<Record<string, unknown>> {
    return this.say('POST', `/v1/customers/${tenantId}/csp-association`, {
      associated,
      observedOn,
      source: 'Partner Center',
    });
  }

  withdraw(tenantId: string, on = this.today): Promise<Record<string, unknown>> {
    return this.say('POST', `/v1/customers/${tenantId}/agreements/withdrawal`, {
      on,
      reason: 'by the customer',
    });
  }

  /** Creates a customer that passes every rule of the gate. */
  async readyCustomer(details: object = {}, agreement: object = {}): Promise<string> {
    const tenantId = await this.customer(details);
    await this.sign(tenantId, agreement);
    await this.observe(tenantId);
    return tenantId;
  }
}

export const line = (offerId: string, quantity = 5, term = 'P1M', billingPlan = 'monthly') => ({
  offerId,
  quantity,
  term,
  billingPlan,
});

export const orderOf = (partnerId: string, tenantId: string, ...lines: readonly object[]) => ({
  partnerId,
  tenantId,
  currency: 'JPY',
  lines: lines.length > 0 ? lines : [line('BASIC:0001')],
});
