import { type IncomingMessage, ServerResponse } from 'node:http';

type Headers = Record<string, unknown> | readonly unknown[];

/**
 * Every answer of the server, those that Node writes by itself included: it carries the security
 * headers, and its text goes out the short way where it can: a text of ASCII is the same bytes in
 * UTF-8 and in Latin-1, and Node writes Latin-1 in about half the time. An answer of 4 KB is ASCII
 * unless it carries a message.
 */
export class AnswerResponse<
  Request extends IncomingMessage = IncomingMessage,
> extends ServerResponse<Request> {
  override writeHead(status: number, ...rest: unknown[]): this {
    const given = rest.at(-1);
    // the overloads leave nothing else
    const headers = typeof given === 'object' && given !== null ? (given as Headers) : undefined;
    const reason = typeof rest[0] === 'string' ? [rest[0]] : [];
    // The overloads of `writeHead` are those of the class above: a list stays a list, and an object
    // an object.
    return (super.writeHead as (...all: unknown[]) => this).call(
      this,
      status,
      ...reason,
      this.secured(status, headers),
    );
  }

  override end(...args: unknown[]): this {
    const [text, encoding, ...rest] = args;
    const short =
      typeof text === 'string' && (encoding === undefined || encoding === null) && isAscii(text);
    // The overloads of `end` are those of the class above: what is passed on is what came, with the
    // encoding made explicit.
    return (super.end as (...given: unknown[]) => this).call(
      this,
      ...(short ? [text, 'latin1', ...rest] : args),
    );
  }

  private secured(status: number, headers: Headers | undefined): unknown {
    const missing =
      this.getHeaderNames().length === 0 ? securityHeaders : unset(securityHeaders, this);
    // Of what the client has, the length is not that of the empty answer (RFC 9110, 8.6).
    if (status === 304 && headers && 'content-length' in headers) delete headers['content-length'];
    return Array.isArray(headers)
      ? [...(headers as unknown[]), ...Object.entries(missing).flat()]
      : { ...missing, ...headers };
  }
}

const unset = (
  headers: Readonly<Record<string, string>>,
  response: ServerResponse,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !response.hasHeader(name)));

/** UTF-8 has one byte for each character of ASCII, and more for every other. */
const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length;

/**
 * On every answer, from every writer: no browser guesses a media type, shows an answer in a frame,
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
