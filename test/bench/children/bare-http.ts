/** An answer of the service, as recorded. */
export interface RecordedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The recorded answer without the headers of its connection and time. */
export function replayable({ status, headers, body }: RecordedAnswer): RecordedAnswer {
  const { date: _date, connection: _connection, 'keep-alive': _keepAlive, ...kept } = headers;
  return { status, headers: kept, body };
}
