import type { FormatName } from './format.js';

const mediaTypes: ReadonlyMap<string, FormatName> = new Map([
  ['application/json', 'json'],
  ['text/csv', 'csv'],
  ['application/x-ndjson', 'ndjson'],
  ['application/ndjson', 'ndjson'],
  ['application/vnd.apache.parquet', 'parquet'],
]);

/** The format that the client likes best of those there are, JSON where it says nothing of them (RFC 9110, 12.5.1). */
export function acceptedFormat(accept: string | undefined): FormatName {
  let best: FormatName = 'json';
  let bestWeight = 0;
  for (const range of accept !== undefined && accept.length <= 1024 ? accept.split(',') : []) {
    const [type = '', ...parameters] = range.toLowerCase().split(';');
    const format = mediaTypes.get(type.trim()) ?? (/^\s*(\*|application)\/\*\s*$/.test(type) ? 'json' : undefined);
    const weight = weightOf(parameters);
    // In the order of mention, so that the first of two that are liked alike is taken.
    if (format !== undefined && weight > bestWeight) [best, bestWeight] = [format, weight];
  }
  return best;
}

/** `q=0.5`; without it 1, and what is no weight is none. */
function weightOf(parameters: readonly string[]): number {
  const q = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('q='));
  if (q === undefined) return 1;
  return /^q=(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(q) ? Number(q.slice(2)) : 0;
}
