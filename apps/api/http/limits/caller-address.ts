import { isIPv6 } from 'node:net';

/** Who has one address of IPv6 has the 64 bits after its network, too. */
const GROUPS_OF_A_NETWORK = 4;

/** The address that an anonymous caller counts by. */
export function callerAddress(ip: string | undefined): string {
  if (ip === undefined) return 'address:unknown';
  const [address = ''] = ip.split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) return `address:${mapped ?? address}`;
  return `address:${networkOf(address)}/64`;
}

/** RFC 4291, 2.2: `::` stands for as many groups of zeros as are missing. */
function networkOf(address: string): string {
  const [before = '', after] = address.toLowerCase().split('::');
  const groups = before === '' ? [] : before.split(':');
  const last = after === undefined || after === '' ? [] : after.split(':');
  const missing = after === undefined ? 0 : Math.max(0, 8 - groups.length - last.length);
  const all = [...groups, ...Array.from({ length: missing }, () => '0'), ...last];
  return all
    .slice(0, GROUPS_OF_A_NETWORK)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
