import { isAbsolute, join, relative } from 'node:path';
import type { Configuration } from '../../../libs/platform/configuration.js';
import type { Terminal } from '../running/terminal.js';
import { demoCustomers, tenantIdOf } from './customers.js';
import { lineOf, orderOf } from './orders.js';
import { partnerReads } from './partner-reads.js';

/**
 * Commands for a first order, a first refusal and reads of partners. They can be run as printed
 * once the service runs.
 */
export function thingsToTry(
  { dataDir, host, port }: Configuration,
  terminal: Terminal,
  firstMonth: string,
): readonly string[] {
  const url = `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}/v1`;
  const keyFile = quoted(shown(join(dataDir, 'dev-keys.json')));
  const keyOf = (role: string): string =>
    `$(sed -n 's/.*"${role}": "\\(.*\\)".*/\\1/p' ${keyFile})`;
  const order = (id: string): string => {
    const customer = demoCustomers.find((one) => one.id === id);
    if (!customer) throw new Error(`no customer ${id}`);
    return JSON.stringify(
      orderOf(
        customer,
        [lineOf('CFQ7TTC0LCHC', 25, 'P1Y', 'monthly')],
        `first-${tenantIdOf(customer).slice(-2)}`,
      ),
    );
  };
  const curl = (key: string, body: string): readonly string[] => [
    `curl -s -w '\\n' -X POST ${url}/orders \\`,
    `  -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' -H 'Idempotency-Key: ${key}' \\`,
    `  -d '${body}'`,
  ];
  const comment = (en: string, ja: string): string => `# ${terminal.text({ en, ja })}`;
  return [
    '',
    comment(
      'Start the service in another terminal with: npm start',
      '別の端末でサービスを起動します: npm start',
    ),
    comment(
      'The key for order entry, which the first start creates:',
      '最初の起動で作られる注文入力用のキー:',
    ),
    `KEY=${keyOf('order-entry')}`,
    '',
    comment('A first order:', '最初の注文:'),
    ...curl('first-order', order('01')),
    '',
    comment(
      "A first refusal (the customer's tenant is associated with CSP):",
      '最初の拒否 (顧客のテナントが CSP に関連付けられている):',
    ),
    ...curl('first-refusal', order('06')),
    '',
    comment('The auditor’s key, for reads:', '監査担当者の参照用のキー:'),
    `AUDITOR=${keyOf('auditor')}`,
    ...partnerReads(firstMonth).flatMap(({ en, ja, path }) => [
      '',
      comment(en, ja),
      `curl -s -w '\\n' -H "Authorization: Bearer $AUDITOR" '${url}${path}'`,
    ]),
  ];
}

/** The shortest form of the path, seen from the working directory. */
function shown(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') || isAbsolute(fromHere) ? path : fromHere;
}

const quoted = (path: string): string =>
  /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
