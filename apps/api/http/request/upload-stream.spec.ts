import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Module, Post } from '@nestjs/common';
import { gzipSync } from 'node:zlib';
import { connect, type Socket } from 'node:net';
import { ApiKeys, digestOfKey } from '../../../../libs/platform/authentication/api-keys.js';
import { BearerAuthenticator } from '../../../../libs/platform/authentication/authenticator.js';
import { createLogger } from '../../../../libs/platform/logging.js';
import { Ctx, StreamedUpload } from '../routing/request-decorators.js';
import { Allow } from '../routing/route-declaration.js';
import { createHttp, type HttpService } from '../bootstrap.js';
import { ProblemException } from '../problems/problem.js';
import { answer } from '../response/answer.js';
import { RequestContext } from './request-context.js';
import { UploadStream } from './upload-stream.js';

const MAX_BYTES = 100_000;
let ended: string[] = [];

@Controller('v1')
class SampleController {
  @Post('files')
  @Allow('operate')
  async read(
    @Ctx() ctx: RequestContext,
    @StreamedUpload(['text/csv', 'application/x-ndjson'], MAX_BYTES) upload: UploadStream,
  ) {
    let bytes = 0;
    try {
      for await (const piece of upload) {
        bytes += piece.length;
        if (Buffer.from(piece).includes('stop')) throw new ProblemException('order-refused');
      }
      ended.push('whole');
      return answer(ctx, { bytes, mediaType: upload.mediaType });
    } catch (error) {
      ended.push(error instanceof ProblemException ? error.code : 'failed');
      throw error;
    } finally {
      upload.end();
    }
  }
}
@Module({ controllers: [SampleController] })
class SampleModule {}

let service: HttpService;
let base: string;
beforeAll(async () => {
  const keys = new ApiKeys([{ id: 'root', sha256: digestOfKey('root'), roles: ['operator'] }]);
  const authenticator = new BearerAuthenticator(keys, {
    principalOf: () => Promise.reject(new Error('no tokens here')),
  });
  service = await createHttp(SampleModule, { authenticator, logger: createLogger('silent') });
  base = await service.listen('127.0.0.1', 0);
});
afterAll(() => service.close());

const post = async (
  body: string | Uint8Array<ArrayBuffer> | undefined,
  mediaType = 'text/csv',
  more: Record<string, string> = {},
): Promise<[number, Record<string, unknown>]> => {
  const headers = { authorization: 'Bearer root', 'content-type': mediaType, ...more };
  const response = await fetch(`${base}/v1/files`, {
    method: 'POST',
    headers,
    ...(body === undefined ? {} : { body }),
  });
  return [response.status, (await response.json()) as Record<string, unknown>];
};

/** A connection on which the test writes raw requests. */
class Raw {
  private readonly socket: Socket = connect(Number(new URL(base).port), '127.0.0.1');
  private text = '';

  constructor() {
    this.socket.setEncoding('utf8').on('data', (part: string) => (this.text += part));
    this.socket.on('error', () => undefined);
  }
  send(text: string): void {
    this.socket.write(text);
  }
  destroy(): void {
    this.socket.destroy();
  }
  async until(said: RegExp): Promise<string> {
    for (let tries = 0; tries < 500 && !said.test(this.text); tries++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    const { text } = this;
    this.text = '';
    return text;
  }
}
const head =
  'POST /v1/files HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer root\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n';
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

describe('a streamed body', () => {
  it.each([
    ['text/csv', 'text/csv'],
    ['application/x-ndjson', 'application/x-ndjson'],
    ['Text/CSV; charset=utf-8', 'text/csv'],
  ])('is accepted as %s', async (sent, mediaType) => {
    expect(await post('x'.repeat(90_000), sent)).toEqual([200, { bytes: 90_000, mediaType }]);
  });

  it.each<[string, string | undefined, string, number]>([
    ['of another type', '{}', 'application/json', 415],
    ['that is missing', undefined, 'text/csv', 400],
    ['that is empty', '', 'text/csv', 400],
    ['whose Content-Length is above the limit', 'x'.repeat(MAX_BYTES + 1), 'text/csv', 413],
  ])('is refused %s', async (_what, body, mediaType, status) => {
    expect((await post(body, mediaType))[0]).toBe(status);
  });

  it.each<[string, Buffer<ArrayBuffer>, number]>([
    ['completely', gzipSync('row\n'.repeat(9)), 200],
    ['up to the limit', gzipSync(Buffer.alloc(MAX_BYTES + 1, 0x0a)), 413],
    ['up to a fault', gzipSync('row\n'.repeat(9)).subarray(0, -4), 400],
  ])('is decompressed and read %s', async (_what, body, status) => {
    const [answered, json] = await post(body, 'text/csv', { 'content-encoding': 'gzip' });
    expect(answered).toBe(status);
    if (status === 200) expect(json).toMatchObject({ bytes: 36 });
  });

  it('ends at its limit when it has no Content-Length', async () => {
    const raw = new Raw();
    raw.send(head + chunk('x'.repeat(MAX_BYTES)) + chunk('x'));
    expect(await raw.until(/\r\n\r\n{/)).toMatch(/^HTTP\/1\.1 413/);
    raw.destroy();
  });

  it('may be abandoned: the rest is dropped and the connection stays open', async () => {
    const raw = new Raw();
    raw.send(head + chunk('stop'));
    expect(await raw.until(/order-refused/)).toMatch(/^HTTP\/1\.1 422/);
    raw.send(chunk('the rest of it') + '0\r\n\r\n');
    raw.send(head + chunk('another') + '0\r\n\r\n');
    expect(await raw.until(/"bytes"/)).toMatch(/^HTTP\/1\.1 200[^]*"bytes":7/);
    raw.destroy();
  });

  it('fails for its reader when the client disconnects', async () => {
    ended = [];
    const raw = new Raw();
    raw.send(head + chunk('half of'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    raw.destroy();
    for (let tries = 0; tries < 100 && ended.length === 0; tries++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(ended).toEqual(['malformed-request']);
  });
});
