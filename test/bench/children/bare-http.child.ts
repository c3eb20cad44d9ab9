import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RecordedAnswer } from './bare-http.js';
import { serveParent } from './child.js';
import { usage } from './usage.js';

let recorded: RecordedAnswer = { status: 204, headers: {}, body: '' };

// The upper limit: node:http alone. It reads each request to its end and answers with the recorded
// headers and body.
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    response.writeHead(recorded.status, recorded.headers);
    response.end(recorded.body);
  });
});
server.keepAliveTimeout = 65_000;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo; // listening on TCP
  const answer = (given: RecordedAnswer): void => {
    recorded = given;
  };
  serveParent({ url: `http://127.0.0.1:${port}` }, { answer, usage }, () => {
    server.closeAllConnections();
    server.close();
  });
});
