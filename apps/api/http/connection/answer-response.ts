import { type IncomingMessage, ServerResponse } from 'node:http';

type Headers = Record<string, unknown> | readonly unknown[];

/**
 * A response of the server, including those that Node writes by itself. It has the security
 * headers. If its text is ASCII, it is written as Latin-1: the bytes are the same as in UTF-8, and
 * Node writes Latin-1 in about half the time. Most answers of 4 KB are ASCII unless they have a
 * message.
 */
export class AnswerResponse<
  Request extends IncomingMessage = IncomingMessage,
> extends ServerResponse<Request> {
  override writeHead(status: number, ...rest: unknown[]): this {
    const given = rest.at(-1);
    // the overloads allow nothing else
    const headers = typeof given === 'object' && given !== null ? (given as Headers) : undefined;
    const reason = typeof rest[0] === 'string' ? [rest[0]] : [];
    // The overloads of `writeHead` in the parent class: a list is passed as a list, and an object
    // as an object.
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
    // The overloads of `end` in the parent class: the same arguments, with the encoding added.
    return (super.end as (...given: unknown[]) => this).call(
      this,
      ...(short ? [text, 'latin1', ...rest] : args),
    );
  }

  private secured(status: number, headers: Headers | undefined): unknown {
    const missing =
      this.getHeaderNames().length === 0 ? securityHeaders : unset(securityHeaders, this);
    // For 304, the length would be that of the client's copy, not of this empty answer (RFC 9110,
    // 8.6).
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

/** In UTF-8 only ASCII characters have one byte each. */
const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length;

/**
 * The security headers of every answer: a browser must not guess the media type, show the answer in
 * a frame, run anything in it, or send its address to another site (OWASP REST Security Cheat
 * Sheet). A page that needs more sets its own policy with `policyOf`.
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * The Content-Security-Policy of a page: the sources that it loads, and the restrictions of every
 * answer.
 */
export const policyOf = (sources: string): Readonly<Record<string, string>> => ({
  'content-security-policy': `${sources}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
});
