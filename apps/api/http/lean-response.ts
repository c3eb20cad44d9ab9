import { type IncomingMessage, ServerResponse } from 'node:http';

/**
 * A response whose text goes out the short way where it can: a text of ASCII is the same bytes in UTF-8 and in Latin-1, and Node writes
 * Latin-1 in about half the time. An answer of 4 KB is ASCII unless it carries a message.
 */
export class LeanResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  override end(...args: unknown[]): this {
    const [text, encoding, ...rest] = args;
    const short = typeof text === 'string' && (encoding === undefined || encoding === null) && isAscii(text);
    // The overloads of `end` are those of the class above: what is passed on is what came, with the encoding made explicit.
    return (super.end as (...given: unknown[]) => this).call(this, ...(short ? [text, 'latin1', ...rest] : args));
  }
}

/** UTF-8 has one byte for each character of ASCII, and more for every other. */
const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length;
