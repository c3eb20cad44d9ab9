import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import type { GeneratedRequest } from './generated-requests.js';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

/** No correct answer takes this long: the service waits at most five seconds for a position. */
const ANSWERS_WITHIN_MS = 20_000;

/**
 * Sends a request as it is, valid or not. It stops reading an endless answer (a live stream) after
 * its first bytes.
 */
export class Wire {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 16 });
  private readonly address: URL;

  constructor(
    url: string,
    private readonly keys: Readonly<Record<string, string>>,
  ) {
    this.address = new URL(url);
  }

  send({
    method,
    target,
    role,
    headers,
    body,
    chunked,
  }: Pick<
    GeneratedRequest,
    'method' | 'target' | 'role' | 'headers' | 'body' | 'chunked'
  >): Promise<RawAnswer> {
    const { hostname, port } = this.address;
    const all: Record<string, string | string[]> =
      role === undefined ? {} : { authorization: `Bearer ${this.keys[role] ?? ''}` };
    for (const [name, value] of Object.entries(headers))
      all[name] = typeof value === 'string' ? value : [...value];
    if (body !== undefined)
      Object.assign(
        all,
        chunked
          ? { 'transfer-encoding': 'chunked' }
          : { 'content-length': String(Buffer.byteLength(body)) },
      );

    return new Promise((resolve, reject) => {
      const sent = httpRequest(
        {
          hostname,
          port,
          method,
          path: target,
          headers: all,
          agent: this.agent,
          timeout: ANSWERS_WITHIN_MS,
        },
        (response) => {
          const parts: Buffer[] = [];
          const answer = (): void =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text: Buffer.concat(parts).toString('utf8'),
            });
          const isLive = String(response.headers['content-type']).startsWith('text/event-stream');
          response.on('data', (part: Buffer) => {
            parts.push(part);
            if (!isLive) return;
            answer();
            response.destroy();
          });
          response.on('end', answer);
          response.on('error', reject);
        },
      );
      sent.on('timeout', () =>
        sent.destroy(new Error(`no answer within ${ANSWERS_WITHIN_MS / 1000} s`)),
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }

  /** Sends bytes that may not be HTTP. Returns what arrived before the connection ended. */
  sendBytes(bytes: Buffer): Promise<string> {
    return new Promise((resolve) => {
      let text = '';
      const socket = connect(Number(this.address.port), this.address.hostname, () =>
        socket.end(bytes),
      );
      socket.setEncoding('utf8').on('data', (part: string) => (text += part));
      socket.setTimeout(2_000, () => socket.destroy());
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(text));
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
