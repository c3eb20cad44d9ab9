/** The same pages, the first one read already: an error comes before any row is sent. */
export async function primed<Page>(pages: AsyncGenerator<Page>): Promise<AsyncGenerator<Page>> {
  const first = await pages.next();
  return rest(first, pages);
}

async function* rest<Page>(
  first: IteratorResult<Page>,
  pages: AsyncGenerator<Page>,
): AsyncGenerator<Page> {
  try {
    if (first.done === true) return;
    yield first.value;
    yield* pages;
  } finally {
    await pages.return(undefined);
  }
}
