/**
 * The same pages, the first of them read already: what keeps a report from being made is told
 * before anything of it is sent.
 */
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
