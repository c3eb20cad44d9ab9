/** Runs for a given time and returns its result. */
export type Work<Slice> = (forMs: number) => Promise<Slice>;

export interface Alternation {
  /** The total result of each work. */
  readonly forMs: number;
  readonly sliceMs: number;
}

/**
 * Runs every work for the given time, in alternating slices, forwards and then backwards, so that
 * other load on the machine affects all of them equally.
 */
export async function alternate<Works extends Readonly<Record<string, Work<unknown>>>>(
  works: Works,
  { forMs, sliceMs }: Alternation,
): Promise<{ readonly [Name in keyof Works]: readonly Awaited<ReturnType<Works[Name]>>[] }> {
  const names = Object.keys(works);
  const slices = Object.fromEntries(names.map((name) => [name, [] as unknown[]]));
  for (let slice = 0; slice < forMs / sliceMs; slice++) {
    for (const name of slice % 2 ? names.toReversed() : names)
      slices[name]?.push(await works[name]?.(sliceMs));
  }
  // Object.keys loses the type of the names.
  return slices as { [Name in keyof Works]: Awaited<ReturnType<Works[Name]>>[] };
}
