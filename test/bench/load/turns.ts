/** Something that can be done for so long, and what came of it. */
export type Work<Slice> = (forMs: number) => Promise<Slice>;

export interface Turns {
  /** Of each work in all. */
  readonly forMs: number;
  readonly sliceMs: number;
}

/**
 * Every work is done for so long, in slices by turns, forwards and backwards, so that what else the
 * machine does meets all of them alike.
 */
export async function takeTurns<Works extends Readonly<Record<string, Work<unknown>>>>(
  works: Works,
  { forMs, sliceMs }: Turns,
): Promise<{ readonly [Name in keyof Works]: readonly Awaited<ReturnType<Works[Name]>>[] }> {
  const names = Object.keys(works);
  const slices = Object.fromEntries(names.map((name) => [name, [] as unknown[]]));
  for (let slice = 0; slice < forMs / sliceMs; slice++) {
    for (const name of slice % 2 ? names.toReversed() : names)
      slices[name]?.push(await works[name]?.(sliceMs));
  }
  // Object.keys forgets which names there are, and so what each work gives.
  return slices as { [Name in keyof Works]: Awaited<ReturnType<Works[Name]>>[] };
}
