import type { Loose } from '../../support/answers.js';
import { keys, type KeyRole } from '../deployment/api-keys.js';
import type { Command, CommandAnswer } from './command.js';

/** A client timeout longer than every deadline of the service. */
export const CLIENT_TIMEOUT_MS = 30_000;

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Loose;
}

export async function request(
  url: string,
  role: KeyRole,
  init: RequestInit = {},
  timeoutMs = CLIENT_TIMEOUT_MS,
): Promise<HttpAnswer> {
  const headers = {
    authorization: `Bearer ${keys[role]}`,
    ...(init.headers as Record<string, string> | undefined),
  }; // only plain URLs are passed
  const response = await fetch(url, { ...init, headers, signal: AbortSignal.timeout(timeoutMs) });
  const text = await response.text();
  const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '') && text !== '';
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson ? (JSON.parse(text) as Loose) : {},
  };
}

/**
 * Sends a command once. Throws if no answer comes. `turn` distinguishes the sendings in the
 * recorded trace.
 */
export async function send(
  url: string,
  { role, method, path, body, key, correlationId, number }: Command,
  turn: number,
): Promise<CommandAnswer> {
  const {
    status,
    headers,
    text,
    body: answer,
  } = await request(url + path, role, {
    method,
    headers: {
      'content-type': typeof body === 'string' ? 'text/csv' : 'application/json',
      'idempotency-key': key,
      'x-correlation-id': correlationId,
      traceparent: `00-${hex(number + 1, 32)}-${hex(turn + 1, 16)}-01`,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const problem = typeof answer['type'] === 'string' ? answer['type'].split('/').at(-1) : undefined;
  const position = headers.get('log-position');
  const etag = /^(?:W\/)?"(\d+)"$/.exec(headers.get('etag') ?? '')?.[1];
  return {
    status,
    replayed: headers.get('idempotency-replayed') === 'true',
    ...(problem === undefined ? {} : { problem }),
    ...(position === null ? {} : { position: Number(position) }),
    ...(etag === undefined ? {} : { revision: Number(etag) }),
    ...texts(answer),
    ...(status >= 400 && problem !== 'order-refused' ? { text: text.slice(0, 300) } : {}),
  };
}

function texts({
  orderId,
  factId,
  reasons,
}: Loose): Pick<CommandAnswer, 'orderId' | 'factId' | 'reasons'> {
  return {
    ...(typeof orderId === 'string' ? { orderId } : {}),
    ...(typeof factId === 'string' ? { factId } : {}),
    ...(Array.isArray(reasons) ? { reasons: reasons.map(String) } : {}),
  };
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
