import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { AnswerResponse } from './answer-response.js';

const texts = [
  '',
  'plain',
  'x'.repeat(70_000),
  '注文は拒否されました',
  'naïve',
  'a\u00ff',
  '😀',
  `${'x'.repeat(70_000)}é`,
];

describe('a response that writes ASCII directly to the socket', () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    server = createServer({ ServerResponse: AnswerResponse }, (request, response) => {
      const text = texts[Number(request.url?.slice(1))] ?? '';
      response.setHeader('content-length', Buffer.byteLength(text));
      response.end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it.each(texts.map((text, index) => [index, text] as const))(
    'sends text %i as the same bytes in UTF-8',
    async (index, text) => {
      const answer = await fetch(`${url}/${index}`);
      expect(Buffer.from(await answer.arrayBuffer()).equals(Buffer.from(text, 'utf8'))).toBe(true);
    },
  );

  it('sends pipelined answers in order, each in its own encoding', async () => {
    const port = Number(new URL(url).port);
    const wanted = [3, 1, 6, 1, 4];
    const received = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(
          wanted
            .map(
              (index, at) =>
                `GET /${index} HTTP/1.1\r\nHost: x\r\n${at === 4 ? 'Connection: close\r\n' : ''}\r\n`,
            )
            .join(''),
        );
      });
      socket.setEncoding('utf8');
      socket.on('data', (chunk) => (text += String(chunk)));
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
    expect(
      [...received.matchAll(/\r\n\r\n(.*?)(?=HTTP\/1\.1|$)/gs)].map(([, body]) => body),
    ).toEqual(wanted.map((index) => texts[index]));
  });
});
