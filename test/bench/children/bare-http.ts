/** An answer as it was recorded from the service. */
export interface RecordedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The recorded answer without what belongs to its own connection and moment. */
export function replayable({ status, headers, body }: RecordedAnswer): RecordedAnswer {
  const { date: _date, connection: _connection, 'keep-alive': _keepAlive, ...kept } = headers;
  return { status, headers: kept, body };
}
