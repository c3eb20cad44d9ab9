const WORDS_OF_THE_LANGUAGE = new Set(
  'and bool by group_left group_right ignoring offset on or unless without'.split(' '),
);

/**
 * The metrics that a PromQL expression reads: its words without labels, durations, functions and
 * keywords.
 */
export function metricsIn(expression: string): readonly string[] {
  const bare = expression
    .replaceAll(/"[^"]*"/g, '')
    .replaceAll(/\{[^}]*\}/g, '')
    .replaceAll(/\[[^\]]*\]/g, '')
    .replaceAll(/\boffset\s+\w+/g, '')
    .replaceAll(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, '');
  const names = [...bare.matchAll(/(?<![\w.])([a-zA-Z_:][\w:]*)(?!\s*\(|[\w:])/g)].map(
    ([, name = '']) => name,
  );
  return [...new Set(names)].filter((name) => !WORDS_OF_THE_LANGUAGE.has(name));
}

/** The series of a metric: a histogram has three. */
export const seriesOf = ({
  name,
  type,
}: {
  readonly name: string;
  readonly type: string;
}): readonly string[] =>
  type === 'histogram' ? ['_bucket', '_sum', '_count'].map((suffix) => name + suffix) : [name];
