import { describe, expect, it } from '@jest/globals';
import { languages, reasonMessage, reasonText, reasonTexts } from './reason-texts.js';
import { reasons } from '../order/reasons.js';

const names = (text: string): readonly string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();

describe('the texts of the reasons', () => {
  it.each(languages)(
    'have a title and a message for every reason in %s, and no others',
    (language) => {
      expect(Object.keys(reasonTexts[language])).toEqual(reasons);
      for (const { title, message } of Object.values(reasonTexts[language])) {
        expect(title.length).toBeGreaterThan(5);
        // What happened, and in a further sentence what to do.
        expect(message).toMatch(language === 'en' ? /.\. [A-Z].*\.$|: .*\.$/ : /[。].*。$/);
      }
    },
  );

  it('are written in Japanese for Japanese readers', () => {
    for (const { title, message } of Object.values(reasonTexts.ja))
      expect(title + message).toMatch(/[ぁ-ん]/);
  });

  it('use the same facts in both languages', () => {
    for (const reason of reasons)
      expect(names(reasonTexts.ja[reason].message)).toEqual(names(reasonTexts.en[reason].message));
  });

  it('are complete sentences without any fact', () => {
    for (const language of languages) {
      for (const reason of reasons)
        expect(reasonText(reason, language).message).toMatch(/^[^[\]{}]+$/);
    }
  });

  it.each([
    [
      { partnerId: 'p' },
      'The tenant is associated with CSP: it is a CSP tenant of partner p. Online',
    ],
    [
      { observedOn: '2026-11-01' },
      'The tenant is associated with CSP, as observed on 2026-11-01. Online',
    ],
    [0 as const, 'The tenant is associated with CSP. Online'],
  ])('omit a part without its fact: %j', (facts, start) => {
    expect(reasonMessage('tenant-csp-associated', 'en', facts)).toMatch(new RegExp(`^${start}`));
  });

  it('join several values', () => {
    expect(reasonMessage('provider-ambiguous', 'en', { providerIds: ['a', 'b'] })).toContain(
      'providers: a, b.',
    );
    expect(reasonMessage('provider-ambiguous', 'ja', { providerIds: ['a', 'b'] })).toContain(
      '（a、b）',
    );
  });
});
