import { describe, expect, it } from '@jest/globals';
import { parseServerUrl, urlFindings } from './connection-string.js';

describe('a connection string', () => {
  it.each<[string, object]>([
    [
      'esdb://127.0.0.1:2113?tls=false',
      { discover: false, hosts: [{ address: '127.0.0.1', port: 2113 }], credentials: undefined },
    ],
    ['esdb://a?tls=false', { hosts: [{ address: 'a', port: 2113 }] }],
    [
      'esdb://a:1,b:2,c?tls=false',
      { hosts: [1, 2, 2113].map((port, index) => ({ address: 'abc'.charAt(index), port })) },
    ],
    [
      'esdb+discover://cluster.dns?tls=false',
      { discover: true, hosts: [{ address: 'cluster.dns', port: 2113 }] },
    ],
    [
      'kurrentdb://admin:changeit@a:2113',
      { credentials: { username: 'admin', password: 'changeit' } },
    ],
    [
      'kurrentdb+discover://admin:p%40ss%3Aword@dns',
      { discover: true, credentials: { username: 'admin', password: 'p@ss:word' } },
    ],
    [' esdb://u:p@a/?tls=true ', { hosts: [{ address: 'a', port: 2113 }] }],
  ])('%s', (url, parsed) => {
    expect(urlFindings(url)).toEqual([]);
    expect(parseServerUrl(url)).toMatchObject(parsed);
  });

  it('has options that are compared without case and hyphens', () => {
    const { options } = parseServerUrl(
      'esdb://a?TLS=false&keep-alive-interval=20000&node_preference=LEADER',
    );
    expect([...options]).toEqual([
      ['tls', 'false'],
      ['keepAliveInterval', '20000'],
      ['nodePreference', 'LEADER'],
    ]);
  });
});

describe('a finding', () => {
  it.each<[string, RegExp]>([
    [
      'esdb+discover://a,b,c?tls=false',
      /one DNS name and the client uses the first host only.*esdb:\/\/a:2113,b:2113,c:2113/,
    ],
    ['kurrentdb+discover://a,b?tls=false', /first host only/],
    ['esdb://a', /TLS needs user:password@/],
    ['esdb://a?tls=true', /TLS needs user:password@/],
    ['esdb://a?tls=false&throwOnAppendFailure=false', /throwOnAppendFailure cannot be used/],
    ['esdb://a?tls=false&nodePreference=follower', /nodePreference cannot be used/],
    ['esdb://u:p@a?tlsVerifyCert=false', /tlsVerifyCert cannot be used/],
    ['esdb://u:p@a?userCertFile=x', /given together/],
    ['esdb://a?tls=false&keepAlive=1', /option that is not known: keepAlive/],
    ['esdb://a?tls=false&discoveryInterval=soon', /discoveryInterval cannot be used/],
    ['esdb://a:0?tls=false', /a host is a name/],
    ['esdb://a:65536?tls=false', /a host is a name/],
    ['esdb://[::1]:2113?tls=false', /a host is a name/],
    ['esdb://?tls=false', /not of the form/],
    ['http://a:2113', /not of the form/],
    ['', /not of the form/],
    ['esdb://u:%zz@a', /percent-encoded/],
  ])('%s', (url, finding) => {
    expect(urlFindings(url).join('; ')).toMatch(finding);
    expect(() => parseServerUrl(url)).toThrow(finding);
  });

  it.each([
    'esdb+discover://admin:s3cret@a,b',
    'esdb://admin:s3cret@a?x=s3cret',
    'ftp://admin:s3cret@a',
    'esdb://admin:s3&cret=s3cret@a?tls=1',
  ])('does not repeat the password of %s', (url) => {
    const findings = urlFindings(url);
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.join()).not.toContain('cret');
  });
});
