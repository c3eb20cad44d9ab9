/** The words of a command line: separated by spaces, joined by quotes. */
export function commandWords(line: string): readonly [command: string, ...args: string[]] {
  const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
  const [command, ...args] = words;
  if (command === undefined) throw new Error('the command that starts a server is empty');
  return [command, ...args];
}
