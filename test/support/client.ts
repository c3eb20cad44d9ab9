import { randomUUID } from 'node:crypto';
import type { Loose } from './answers.js';

export interface RequestOptions {
  /** Sent as `Idempotency-Key`. */
  readonly key?: string;
  readonly ifMatch?: string;
  readonly language?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
  readonly text: string;
  readonly headers: Headers;
  /** `Log-Position`. */
  readonly position: string;
  readonly replayed: boolean;
}

/** An HTTP client with one credential. It sends objects as JSON and texts as a CSV upload. */
export class Client {
  constructor(
    readonly url: string,
    private readonly credential?: string,
  ) {}

  get<Body = Loose>(path: string, options?: RequestOptions): Promise<Answer<Body>> {
    return this.call<Body>('GET', path, undefined, options);
  }
  put<Body = Loose>(
    path: string,
    body: object | string,
    options?: RequestOptions,
  ): Promise<Answer<Body>> {
    return this.call<Body>('PUT', path, body, options);
  }
  post<Body = Loose>(path: string, body?: object, options?: RequestOptions): Promise<Answer<Body>> {
    return this.call<Body>('POST', path, body, options);
  }
  delete<Body = Loose>(path: string, options?: RequestOptions): Promise<Answer<Body>> {
    return this.call<Body>('DELETE', path, undefined, options);
  }
  order<Body = Loose>(
    body: object,
    { key = randomUUID(), ...options }: RequestOptions = {},
  ): Promise<Answer<Body>> {
    return this.post<Body>('/v1/orders', body, { key, ...options });
  }

  /** Returns the response with an unread body, for streams. */
  open(
    path: string,
    headers: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<Response> {
    return fetch(this.url + path, {
      headers: { ...this.authorization(), ...headers },
      ...(signal ? { signal } : {}),
    });
  }

  async call<Body>(
    method: string,
    path: string,
    body: object | string | undefined,
    options: RequestOptions = {},
  ): Promise<Answer<Body>> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...this.authorization(),
        ...(body === undefined
          ? {}
          : { 'content-type': isUpload(body) ? 'text/csv' : 'application/json' }),
        ...(options.key === undefined ? {} : { 'idempotency-key': options.key }),
        ...(options.ifMatch === undefined ? {} : { 'if-match': options.ifMatch }),
        ...(options.language === undefined ? {} : { 'accept-language': options.language }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: isUpload(body) ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      // The service answers with JSON bodies; the test states the type that it expects.
      body: (isJson(response) ? JSON.parse(text) : {}) as Body,
      text,
      headers: response.headers,
      position: response.headers.get('log-position') ?? '',
      replayed: response.headers.get('idempotency-replayed') === 'true',
    };
  }

  private authorization(): Record<string, string> {
    return this.credential === undefined ? {} : { authorization: `Bearer ${this.credential}` };
  }
}

/** Texts and bytes are sent as they are. */
const isUpload = (body: object | string): body is string | Uint8Array<ArrayBuffer> =>
  typeof body === 'string' || body instanceof Uint8Array;

const isJson = (response: Response): boolean =>
  /json/.test(response.headers.get('content-type') ?? '') && response.status !== 204;
