import type { LogEvent, Loose } from '../../support/answers.js';
import { Oracle } from '../../support/oracle.js';
import type { Evidence, ServiceEvidence } from '../evidence/evidence.js';
import { GuaranteeCheck, type Verdict } from './finding.js';

type Rows = ReadonlyMap<string, Loose>;

/**
 * Every list of every process equals the state folded from the log, and every projection has
 * reached the log's end.
 */
export function readModelsFold({ log, services, today }: Evidence): Verdict {
  const check = new GuaranteeCheck('read models equal the log');
  const oracle = new Oracle().read(log);
  const expected = {
    orders: ordersOf(log),
    customers: customersOf(log, oracle, today),
    partners: partnersOf(log, oracle, today),
  };
  for (const service of services) {
    compare(check, service, 'orders', 'orderId', expected.orders);
    compare(check, service, 'customers', 'tenantId', expected.customers);
    compare(check, service, 'partners', 'partnerId', expected.partners);
    for (const { name, position, error } of service.projections) {
      const isThere = Number(position) === log.length - 1 && error === undefined;
      check.that(
        isThere,
        () =>
          `${service.process}: ${String(name)} is at ${String(position)} of ${log.length - 1}${error === undefined ? '' : `, ${JSON.stringify(error)}`}`,
      );
    }
    check.that(service.projections.length > 0, () => `${service.process} has no projections`);
  }
  return check.verdict;
}

function compare(
  check: GuaranteeCheck,
  service: ServiceEvidence,
  list: 'orders' | 'customers' | 'partners',
  key: string,
  expected: Rows,
): void {
  const rows = service[list];
  check.that(
    rows.length === expected.size,
    () => `${service.process} lists ${rows.length} ${list}, the log has ${expected.size}`,
  );
  for (const row of rows) {
    const wanted = expected.get(String(row[key]));
    const shown =
      wanted && Object.fromEntries(Object.keys(wanted).map((field) => [field, row[field]]));
    check.that(
      JSON.stringify(shown) === JSON.stringify(wanted) && wanted !== undefined,
      () =>
        // prettier-ignore
        `${service.process} lists ${JSON.stringify(shown ?? row)}, the log has ${JSON.stringify(wanted)}`,
    );
  }
}

function ordersOf(log: readonly LogEvent[]): Rows {
  const orders = new Map<string, Loose>();
  for (const { type, data, stream, position } of log) {
    const orderId = String(data['orderId']);
    const status = {
      OrderPlaced: 'placed',
      OrderRefused: 'refused',
      OrderVoided: 'voided',
      OrderCancelled: 'cancelled',
    }[type];
    if (status === undefined) continue;
    const { partnerId, reference } = data;
    const first = {
      orderId,
      tenantId: stream.slice('customer-'.length),
      partnerId,
      reference,
      position,
    };
    orders.set(orderId, { ...(orders.get(orderId) ?? first), status });
  }
  return orders;
}

function customersOf(log: readonly LogEvent[], oracle: Oracle, today: string): Rows {
  const customers = new Map<string, Loose>();
  for (const { type, data } of log) {
    if (type !== 'CustomerRegistered') continue;
    const tenantId = String(data['tenantId']);
    const { closedOn, partnerIds } = oracle.customerOn(tenantId, today);
    customers.set(tenantId, {
      tenantId,
      legalName: data['legalName'],
      partnerIds,
      ...(closedOn === undefined ? {} : { closedOn }),
    });
  }
  return customers;
}

function partnersOf(log: readonly LogEvent[], oracle: Oracle, today: string): Rows {
  const partners = new Map<string, Loose>();
  for (const { type, data } of log) {
    if (type !== 'PartnerRegistered') continue;
    const partnerId = String(data['partnerId']);
    partners.set(partnerId, {
      partnerId,
      legalName: data['legalName'],
      ...oracle.partnerOn(partnerId, today),
    });
  }
  return partners;
}
