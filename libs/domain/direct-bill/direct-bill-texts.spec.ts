import { describe, expect, it } from '@jest/globals';
import { languages } from '../gate/reason-texts.js';
import { directBillReasons } from './direct-bill-reasons.js';
import { directBillReasonText, directBillTexts } from './direct-bill-texts.js';

const names = (text: string): readonly string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();

describe('the texts of the direct-bill reasons', () => {
  it.each(languages)(
    'have a title and a message for every reason in %s, and no others',
    (language) => {
      expect(Object.keys(directBillTexts[language])).toEqual(directBillReasons);
      for (const { title, message } of Object.values(directBillTexts[language])) {
        expect(title.length).toBeGreaterThan(5);
        expect(message).toMatch(language === 'en' ? /.\. [A-Z].*\.$/ : /[。].*。$/);
      }
    },
  );

  it('are Japanese in Japanese, with the same facts', () => {
    for (const reason of directBillReasons) {
      const { title, message } = directBillTexts.ja[reason];
      expect(title + message).toMatch(/[ぁ-ん]/);
      expect(new Set(names(message))).toEqual(new Set(names(directBillTexts.en[reason].message)));
    }
  });

  it('are complete without any fact', () => {
    for (const language of languages) {
      for (const reason of directBillReasons)
        expect(directBillReasonText(reason, language).message).toMatch(/^[^[\]{}]+$/);
    }
  });
});
