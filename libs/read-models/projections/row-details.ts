/**
 * The row with what was changed: a field that is not named stays, `null` clears it. Only these
 * fields are taken over.
 */
export function withDetails<R extends object, Field extends string & keyof R>(
  row: R,
  changed: { readonly [F in Field]?: R[F] | null },
  fields: readonly Field[],
): R {
  const cleared = fields.filter((field) => changed[field] === null);
  const set = fields.filter((field) => changed[field] !== undefined && changed[field] !== null);
  const kept = Object.entries(row).filter(([name]) => !cleared.some((field) => field === name));
  // Cleared fields are optional in R: `null` is only ever sent for those.
  return {
    ...Object.fromEntries(kept),
    ...Object.fromEntries(set.map((field) => [field, changed[field]])),
  } as R;
}
