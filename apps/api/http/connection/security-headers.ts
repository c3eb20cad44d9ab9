/**
 * On every answer, whatever wrote it: no browser guesses a media type, shows an answer in a frame,
 * runs anything in it, or says to another site where it came from (OWASP REST Security Cheat
 * Sheet). A page that needs more states its own policy with `policyOf`.
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** The Content-Security-Policy of a page: what it loads, beside what holds for every answer. */
export const policyOf = (sources: string): Readonly<Record<string, string>> => ({
  'content-security-policy': `${sources}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
});
