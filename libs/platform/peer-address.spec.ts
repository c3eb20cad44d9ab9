import { describe, expect, it } from '@jest/globals';
import { isProxy, PeerAddresses, type ProxySettings } from './peer-address.js';

const forwardedFor: ProxySettings = {
  trusted: ['loopback', '10.0.0.0/8', '2001:db8:ffff::1'],
  header: 'x-forwarded-for',
};
const forwarded: ProxySettings = { ...forwardedFor, header: 'forwarded' };

describe('PeerAddresses', () => {
  it.each<[string, ProxySettings | undefined, string | undefined, string | undefined, string]>([
    ['is the peer of the connection', undefined, '192.0.2.1', undefined, '192.0.2.1'],
    [
      'is not what the peer says when no proxy is trusted',
      undefined,
      '127.0.0.1',
      '192.0.2.9',
      '127.0.0.1',
    ],
    ['is not what a stranger says', forwardedFor, '192.0.2.1', '192.0.2.9', '192.0.2.1'],
    ['is what a trusted proxy says', forwardedFor, '10.1.2.3', '192.0.2.9', '192.0.2.9'],
    ['is the same through IPv6', forwardedFor, '::ffff:10.1.2.3', '192.0.2.9', '192.0.2.9'],
    [
      'is what the nearest stranger is called, not what he said before',
      forwardedFor,
      '10.1.2.3',
      '1.1.1.1, 192.0.2.9',
      '192.0.2.9',
    ],
    [
      'is found through several proxies',
      forwardedFor,
      '127.0.0.1',
      '1.1.1.1, 192.0.2.9, 10.9.9.9',
      '192.0.2.9',
    ],
    [
      'is the farthest proxy when all are',
      forwardedFor,
      '127.0.0.1',
      '10.0.0.7, 10.0.0.8',
      '10.0.0.7',
    ],
    ['is a proxy that passes nothing on', forwardedFor, '127.0.0.1', undefined, '127.0.0.1'],
    ['is a proxy that passes on an empty text', forwardedFor, '127.0.0.1', ' ', '127.0.0.1'],
    ['is a proxy that passes on no address', forwardedFor, '127.0.0.1', 'evil"\n{}', '127.0.0.1'],
    ['is a proxy that passes on a name', forwardedFor, '10.1.2.3', 'client.example', '10.1.2.3'],
    ['is the last good hop', forwardedFor, '127.0.0.1', '192.0.2.9, unknown, 10.0.0.8', '10.0.0.8'],
    ['has no port', forwardedFor, '127.0.0.1', '192.0.2.9:4711', '192.0.2.9'],
    ['has no brackets', forwardedFor, '127.0.0.1', '[2001:db8::1]:4711', '2001:db8::1'],
    ['is shortened', forwardedFor, '127.0.0.1', '2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['has no zone', forwardedFor, 'fe80::1%eth0', undefined, 'fe80::1'],
    [
      'is found through a proxy of IPv6',
      forwardedFor,
      '2001:db8:ffff::1',
      '192.0.2.9',
      '192.0.2.9',
    ],
    ['is unknown on a connection that is gone', forwardedFor, undefined, '192.0.2.9', 'unknown'],
    [
      'is read from Forwarded',
      forwarded,
      '127.0.0.1',
      'for=1.1.1.1, for=192.0.2.9;proto=https',
      '192.0.2.9',
    ],
    [
      'is read from Forwarded in quotes',
      forwarded,
      '127.0.0.1',
      'proto=https;For="[2001:db8::1]:4711"',
      '2001:db8::1',
    ],
    ['is not a name that hides it', forwarded, '127.0.0.1', 'for=_hidden', '127.0.0.1'],
    ['is not another parameter of it', forwarded, '127.0.0.1', 'by=192.0.2.9', '127.0.0.1'],
  ])('%s', (_what, settings, remote, text, peer) => {
    expect(
      new PeerAddresses(settings).of(
        remote,
        text === undefined ? {} : { [settings?.header ?? 'x-forwarded-for']: text },
      ),
    ).toBe(peer);
  });

  it('ignores the header that the proxies do not set', () => {
    const both = { 'x-forwarded-for': '192.0.2.9', forwarded: 'for=192.0.2.8' };
    expect(new PeerAddresses(forwardedFor).of('127.0.0.1', both)).toBe('192.0.2.9');
    expect(new PeerAddresses(forwarded).of('127.0.0.1', both)).toBe('192.0.2.8');
  });
});

describe('a trusted proxy', () => {
  it.each(['loopback', 'private', '10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8', '192.0.2.1/32'])(
    'may be %s',
    (text) => expect(isProxy(text)).toBe(true),
  );
  it.each([
    '',
    'proxy',
    '10.0.0.0/33',
    '10.0.0.0/0',
    '::/0',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    '10.0.0',
    '::1%lo',
    '::/129',
    'toString',
  ])('may not be %j', (text) => expect(isProxy(text)).toBe(false));
});
