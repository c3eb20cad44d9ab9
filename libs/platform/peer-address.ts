import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP, SocketAddress } from 'node:net';

/** The trusted proxies, and the header in which they pass on the caller's address. */
export interface ProxySettings {
  /** Addresses, `address/bits`, `loopback` or `private`. */
  readonly trusted: readonly string[];
  /** The header that the proxies set. The other one is ignored: a client can send it itself. */
  readonly header: 'x-forwarded-for' | 'forwarded';
}

const named: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/**
 * Whether a text names proxies. A network of all addresses is refused: with it, every caller could
 * claim any address.
 */
export function isProxy(text: string): boolean {
  if (Object.hasOwn(named, text)) return true;
  const [address = '', bits, more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more !== undefined || address.includes('%')) return false;
  return (
    bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
  );
}

/** Finds the caller's address: the connection's peer, or the address that trusted proxies state. */
export class PeerAddresses {
  private readonly proxies = new BlockList();
  private readonly header: ProxySettings['header'];

  constructor({ trusted, header }: ProxySettings = { trusted: [], header: 'x-forwarded-for' }) {
    this.header = header;
    for (const network of trusted.flatMap((text) => named[text] ?? [text])) {
      const [address = '', bits] = network.split('/');
      const family = familyOf(address);
      if (bits === undefined) this.proxies.addAddress(address, family);
      else this.proxies.addSubnet(address, Number(bits), family);
    }
  }

  /**
   * Follows the hops from the connection outwards while each is a trusted proxy, and stops at a
   * value that is not an address.
   */
  of(remoteAddress: string | undefined, headers: IncomingHttpHeaders): string {
    let peer = normal(remoteAddress ?? '');
    if (peer === undefined) return 'unknown';
    if (!this.isTrusted(peer)) return peer;
    for (const hop of this.hops(headers).reverse()) {
      const before = hop === undefined ? undefined : normal(hop);
      if (before === undefined) return peer;
      peer = before;
      if (!this.isTrusted(peer)) return peer;
    }
    return peer;
  }

  private isTrusted(address: string): boolean {
    return this.proxies.check(address, familyOf(address));
  }

  /** The addresses that the proxies added, the nearest last. */
  private hops(headers: IncomingHttpHeaders): (string | undefined)[] {
    const text = [headers[this.header] ?? ''].flat().join(',');
    if (text.trim() === '') return [];
    return text
      .split(',')
      .map((hop) => (this.header === 'forwarded' ? addressOf(forwardedFor(hop)) : addressOf(hop)));
  }
}

/** RFC 7239: the `for` of one element. */
const forwardedFor = (element: string): string =>
  /(?:^|;)\s*for\s*=\s*("[^"]*"|[^;"]*)/i.exec(element)?.[1]?.replaceAll('"', '') ?? '';

/** The address of a hop, without port and brackets. */
function addressOf(hop: string): string | undefined {
  const text = hop.trim();
  const bracketed = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text)?.[1];
  if (bracketed !== undefined) return bracketed;
  return /^([\d.]+):\d{1,5}$/.exec(text)?.[1] ?? text;
}

/** One spelling per address: no zone, IPv4-mapped IPv6 as IPv4, IPv6 shortened. */
function normal(text: string): string | undefined {
  const [address = ''] = text.split('%');
  if (address.length > 45 || isIP(address) === 0) return undefined;
  const { address: shortened } = new SocketAddress({ address, family: familyOf(address) });
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(shortened)?.[1] ?? shortened;
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 4 ? 'ipv4' : 'ipv6');
