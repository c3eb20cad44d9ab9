import { connect, type Socket } from 'node:net';

/** The parts of an answer that the bench needs. */
export interface Answered {
  readonly status: number;
  /** The whole answer, headers and body. */
  readonly bytes: Buffer;
  readonly bodyStart: number;
}

const END_OF_HEAD = Buffer.from('\r\n\r\n');

/**
 * A keep-alive connection that carries one request at a time. It uses a plain socket: a general
 * HTTP client takes more processor time for a request than the measured servers, on the same two
 * cores.
 */
export class Connection {
  private pending: Buffer | undefined;
  private resolve: (answered: Answered) => void = () => undefined;
  private reject: (error: Error) => void = () => undefined;

  static open(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => resolve(new Connection(socket)));
    });
  }

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => this.read(chunk));
    socket.on('error', (error) => this.reject(error));
    socket.on('close', () => this.reject(new Error('the connection was closed')));
  }

  /** `request`: head and body, ASCII. */
  send(request: string): Promise<Answered> {
    return new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
      this.socket.write(request, 'latin1');
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private read(chunk: Buffer): void {
    const bytes = this.pending ? Buffer.concat([this.pending, chunk]) : chunk;
    const end = endOfAnswer(bytes);
    if (end === undefined || bytes.length < end.total) {
      this.pending = bytes;
      return;
    }
    this.pending = undefined;
    this.resolve({ status: statusOf(bytes), bytes, bodyStart: end.bodyStart });
  }
}

function endOfAnswer(
  bytes: Buffer,
): { readonly bodyStart: number; readonly total: number } | undefined {
  const head = bytes.indexOf(END_OF_HEAD);
  if (head < 0) return undefined;
  const bodyStart = head + END_OF_HEAD.length;
  const length = /\r\ncontent-length: (\d+)/i.exec(bytes.toString('latin1', 0, head))?.[1];
  if (length === undefined && statusOf(bytes) !== 204)
    throw new Error('an answer without a length');
  return { bodyStart, total: bodyStart + Number(length ?? 0) };
}

const statusOf = (bytes: Buffer): number => Number(bytes.toString('latin1', 9, 12));

export const bodyOf = ({ bytes, bodyStart }: Answered): string => bytes.toString('utf8', bodyStart);

/** Header names in lower case. */
export function headersOf({ bytes, bodyStart }: Answered): Readonly<Record<string, string>> {
  const lines = bytes
    .toString('latin1', 0, bodyStart - 4)
    .split('\r\n')
    .slice(1);
  return Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
}
