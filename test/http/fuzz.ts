import fc from 'fast-check';
import { type ApiDocument, fetchDocument, operationsOf } from './api-document.js';
import { GeneratedRequests, type GeneratedRequest } from './generated-requests.js';
import type { KnownIds } from './schema-values.js';
import { AnswerJudge } from './answer-judge.js';
import { Wire } from './wire.js';

export interface FuzzOptions {
  readonly url: string;
  /** By role. */
  readonly keys: Readonly<Record<string, string>>;
  readonly known: KnownIds;
  readonly requests: number;
  readonly seed: number;
  /** Texts that no answer may contain, such as the data directory. */
  readonly secrets: readonly string[];
  readonly onProgress?: (sent: number) => void;
}
export interface FuzzReport {
  readonly sent: number;
  readonly findings: readonly string[];
  readonly statuses: Readonly<Record<string, number>>;
  readonly typesMet: readonly string[];
  /** Operations of the document that got no request. */
  readonly untried: readonly string[];
}

const CHUNK = 500;
const IN_FLIGHT = 12;
/** Stops after this many findings. */
const FINDINGS_AT_MOST = 40;

/** Sends generated requests in an order that the seed decides, and collects wrong answers. */
export async function fuzz({
  url,
  keys,
  known,
  requests,
  seed,
  secrets,
  onProgress,
}: FuzzOptions): Promise<FuzzReport> {
  const document: ApiDocument = await fetchDocument(url);
  const generated = new GeneratedRequests(document, known);
  const judge = new AnswerJudge(document, secrets);
  const wire = new Wire(url, keys);
  const findings: string[] = [];
  const tried = new Set<string>();

  const attempt = async (request: GeneratedRequest): Promise<void> => {
    tried.add(request.operation.id);
    try {
      for (const finding of judge.findings(request, await wire.send(request)))
        findings.push(`${finding}\n    ${described(request)}`);
    } catch (error) {
      findings.push(`no answer (${String(error)})\n    ${described(request)}`);
    }
  };

  let sent = 0;
  for (let chunk = 0; sent < requests && findings.length < FINDINGS_AT_MOST; chunk++) {
    // Each operation once, then any of them.
    const batch =
      chunk === 0
        ? operationsOf(document).flatMap((operation, index) =>
            fc.sample(generated.of(operation), { seed: seed + index, numRuns: 1 }),
          )
        : fc.sample(generated.any(), {
            seed: seed + chunk,
            numRuns: Math.min(CHUNK, requests - sent),
          });
    const rest = batch.values();
    await Promise.all(
      Array.from({ length: IN_FLIGHT }, async () => {
        for (const request of rest) await attempt(request);
      }),
    );
    for (const bytes of fc.sample(bareBytes, { seed: seed + chunk, numRuns: 5 }))
      findings.push(...judgeBytes(bytes, await wire.sendBytes(bytes)));
    sent += batch.length;
    onProgress?.(sent);
  }
  wire.close();
  findings.push(...(await missingPages(url, judge.typesMet)));
  return {
    sent,
    findings,
    statuses: Object.fromEntries([...judge.statuses].sort()),
    typesMet: [...judge.typesMet].sort(),
    untried: operationsOf(document).flatMap(({ id }) => (tried.has(id) ? [] : [id])),
  };
}

function described({
  method,
  target,
  role,
  headers,
  body,
  expected,
  operation,
}: GeneratedRequest): string {
  const short = (text: string): string =>
    text.length > 600 ? `${text.slice(0, 600)}… (${text.length})` : text;
  const sent =
    typeof body === 'string' ? JSON.stringify(body) : body && `base64 ${body.toString('base64')}`;
  return `${operation.id}: ${method} ${short(target)} as ${role ?? 'anonymous'} (${expected}) ${short(JSON.stringify(headers))} ${short(sent ?? '')}`;
}

/** Requests that are hardly HTTP. */
const bareBytes = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom(
      'GET / HTTP/9.9\r\n\r\n',
      'GET /v1/orders\r\n\r\n',
      'BREW /v1/orders HTTP/1.1\r\nHost: localhost\r\n\r\n',
      'POST /v1/orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'POST /v1/orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n',
      'POST /v1/orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n',
      'POST /v1/orders HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n',
      'GET /v1/orders HTTP/1.1\r\nX: \x01\x02\r\n\r\n',
      `GET /v1/orders?q=${'x'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
      `GET /v1/orders HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      'GET //v1//orders/../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      'OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      'TRACE /v1/orders HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      'CONNECT a:1 HTTP/1.1\r\nHost: localhost\r\n\r\n',
      'GET http://a:b@[::1/v1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      'GET /v1/orders HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    )
    .map((text) => Buffer.from(text, 'latin1')),
);

/** Malformed bytes get a problem document or no answer. */
function judgeBytes(bytes: Buffer, answer: string): readonly string[] {
  if (
    answer === '' ||
    /^HTTP\/1\.1 4\d\d [^]*\r\ncontent-type: application\/problem\+json/i.test(answer)
  )
    return [];
  return [
    `bare bytes ${JSON.stringify(bytes.toString('latin1').slice(0, 200))} were answered ${JSON.stringify(answer.slice(0, 300))}`,
  ];
}

async function missingPages(url: string, types: ReadonlySet<string>): Promise<readonly string[]> {
  const pages = await Promise.all(
    [...types].map(async (type) => [type, (await fetch(url + type)).status] as const),
  );
  return pages
    .filter(([, status]) => status !== 200)
    .map(([type, status]) => `${type} has no page (${status})`);
}
