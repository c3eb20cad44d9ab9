/** The client has left, or the process stops: no row of the import counts. */
export class ImportInterrupted extends Error {
  override readonly name = 'ImportInterrupted';
  constructor(options?: ErrorOptions) {
    super('the import was left before it was complete; nothing of it counts', options);
  }
}

export class TooManyImports extends Error {
  override readonly name = 'TooManyImports';
  constructor(readonly waiting: number) {
    super(`${waiting} imports are waiting for their turn`);
  }
}
