import { describe, expect, it } from '@jest/globals';
import { canonicalDomainName } from './domain-name.js';

describe('the canonical form of a domain name', () => {
  it.each([
    ['contoso.com', 'contoso.com'],
    ['CONTOSO.Com', 'contoso.com'],
    ['ｃｏｎｔｏｓｏ．ｃｏｍ', 'contoso.com'],
    ['例え。jp', '例え.jp'],
    ['उदाहरण.भारत', 'उदाहरण.भारत'],
    ['พัทยา.com', 'พัทยา.com'],
    ['cafe\u0301.fr', 'caf\u00e9.fr'],
    ['CAF\u00c9.fr', 'caf\u00e9.fr'],
    ['xn--caf-dma.fr', 'caf\u00e9.fr'],
    ['XN--CAF-DMA.FR', 'caf\u00e9.fr'],
    ['faß.de', 'faß.de'],
    ['مثال.السعودية', 'مثال.السعودية'],
    ['a-b.c-d.example', 'a-b.c-d.example'],
    [`${'a'.repeat(63)}.com`, `${'a'.repeat(63)}.com`],
    ['co\u00adntoso.com', 'contoso.com'],
  ])('of %s is %s', (text, canonical) => {
    expect(canonicalDomainName(text)).toBe(canonical);
    expect(canonicalDomainName(canonical)).toBe(canonical);
  });

  it.each([
    '',
    'localhost',
    'com',
    '.com',
    'a..com',
    'contoso.com.',
    '-a.com',
    'a-.com',
    'a_b.com',
    'a b.com',
    ' contoso.com',
    'contoso.com/path',
    'user@contoso.com',
    'contoso.com:443',
    'contoso.com?q',
    'contoso.com#x',
    '%63ontoso.com',
    'contoso\\.com',
    '[::1]',
    '127.0.0.1',
    '1.2.3.0x4',
    `${'a'.repeat(64)}.com`,
    `${'é'.repeat(60)}.com`,
    `${'a.'.repeat(126)}com`,
    'xn--a.com',
    'xn--.com',
    'a\u200db.com',
    '\ud800.com',
    'a／b.com',
    'a：80.com',
    `${'क्'.repeat(2_000)}.com`,
    // prettier-ignore
  ])('does not exist for %.60s', (text) => expect(canonicalDomainName(text)).toBeUndefined());
});
