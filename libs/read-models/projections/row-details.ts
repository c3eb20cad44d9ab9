/**
 * The row with the changed fields: `null` clears a field, and an absent field remains. Only the
 * listed fields are copied.
 */
export function withDetails<R extends object, Field extends string & keyof R>(
  row: R,
  changed: { readonly [F in Field]?: R[F] | null },
  fields: readonly Field[],
): R {
  const cleared = fields.filter((field) => changed[field] === null);
  const set = fields.filter((field) => changed[field] !== undefined && changed[field] !== null);
  const kept = Object.entries(row).filter(([name]) => !cleared.some((field) => field === name));
  // Fields cleared with `null` are optional in R.
  return {
    ...Object.fromEntries(kept),
    ...Object.fromEntries(set.map((field) => [field, changed[field]])),
  } as R;
}
