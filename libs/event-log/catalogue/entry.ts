import type { Recorded } from '../../domain/shared/event.js';
import { date, either, list, object, type Schema, text, uuid, constant } from './schema.js';

/** The kinds of streams, by the beginning of their names. */
export type StreamCategory =
  | 'program'
  | 'partner'
  | 'customer'
  | 'import'
  | 'pricelist'
  | 'sellingprices'
  | 'partneroffers'
  | 'revenue'
  | 'application'
  | 'billingentity'
  | 'billingentityid'
  | 'billingprofile'
  | 'taxrates'
  | 'billing'
  | 'subscription'
  | 'manualcharge'
  | 'numbering'
  | 'billingrun'
  | 'reconciliation'
  | 'document'
  | 'payment';

/** The catalogue's entry for an event type. */
export interface CatalogueEntry {
  /** The version that is written now. */
  readonly version: number;
  readonly streams: readonly StreamCategory[];
  /** When the event happens, as a sentence. */
  readonly when: string;
  /** The JSON Schema 2020-12 of its data. */
  readonly schema: Schema;
  /**
   * `upcasters[i]` converts data of version i + 1 into version i + 2. There is one for every older
   * version; none is ever removed.
   */
  readonly upcasters: readonly ((data: never) => unknown)[];
}

/** The entries of a part of the catalogue: exactly the types of its union. */
export type EntriesOf<E extends Recorded> = { readonly [Type in E['type']]: CatalogueEntry };

export const entry = (
  streams: StreamCategory | readonly StreamCategory[],
  when: string,
  schema: Schema,
): CatalogueEntry => ({
  version: 1,
  streams: typeof streams === 'string' ? [streams] : streams,
  when,
  schema,
  upcasters: [],
});

interface FactSchemas {
  readonly required: Readonly<Record<string, Schema>>;
  readonly optional?: Readonly<Record<string, Schema>>;
  /** The fact may be valid from the beginning; then `from` is absent. */
  readonly fromOptional?: true;
  /** Fields that are recorded beside the value, when the fact starts and when it is corrected. */
  readonly beside?: Readonly<Record<string, Schema>>;
}

/** The three events of a dated fact: it starts, ends or is corrected. */
export function factEntries<Name extends string>(
  name: Name,
  stream: StreamCategory,
  what: string,
  { required, optional = {}, fromOptional, beside = {} }: FactSchemas,
): { readonly [Type in `${Name}${'Started' | 'Ended' | 'Corrected'}`]: CatalogueEntry } {
  const valueWith = (more: Readonly<Record<string, Schema>>): Schema =>
    object(fromOptional ? required : { ...required, from: date }, {
      ...optional,
      ...(fromOptional && { from: date }),
      to: date,
      ...more,
    });
  const named = { factId: uuid, reason: text };
  const entries = {
    [`${name}Started`]: entry(
      stream,
      `${what} began. The event's id is the fact's \`factId\`.`,
      valueWith(beside),
    ),
    [`${name}Ended`]: entry(
      stream,
      `${what} ended: \`on\` is the first day on which it is not in force.`,
      object({ ...named, on: date }),
    ),
    [`${name}Corrected`]: entry(
      stream,
      `${what} was recorded wrongly: its value or its dates are different, or it was never in force.`,
      either(
        object({ ...named, value: valueWith({}) }, beside),
        object({ ...named, retracted: constant(true) }),
      ),
    ),
  };
  // Computed names widen to an index signature; the return type names these three.
  return entries as {
    readonly [Type in `${Name}${'Started' | 'Ended' | 'Corrected'}`]: CatalogueEntry;
  };
}

export const personalDataErased = entry(
  ['partner', 'customer'],
  'The key of one generation was destroyed. Data encrypted with it can never be read again.',
  object({ subject: text, generation: { type: 'integer', minimum: 0 } }),
);

export const listOfText = list(text);
