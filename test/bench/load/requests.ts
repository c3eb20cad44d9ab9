/** A request in wire format. The text must be ASCII, so that its length is its size. */
export function request(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: string,
): string {
  const given =
    body === undefined
      ? headers
      : { 'content-type': 'application/json', ...headers, 'content-length': String(body.length) };
  const lines = Object.entries({ host: '127.0.0.1', ...given }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`;
}

export const bearer = (token: string): Readonly<Record<string, string>> => ({
  authorization: `Bearer ${token}`,
});
