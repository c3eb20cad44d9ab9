/** The client has disconnected, or the process is stopping. No row of the import counts. */
export class ImportInterrupted extends Error {
  override readonly name = 'ImportInterrupted';
  constructor(options?: ErrorOptions) {
    super('the import was interrupted; none of its rows count', options);
  }
}

export class TooManyImports extends Error {
  override readonly name = 'TooManyImports';
  constructor(readonly waiting: number) {
    super(`${waiting} imports are waiting already; try again later`);
  }
}
