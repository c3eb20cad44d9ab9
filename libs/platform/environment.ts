export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads variables one by one. A value that is not allowed becomes a finding, and the default is
 * read.
 */
export class EnvironmentReader {
  constructor(
    private readonly environment: Environment,
    private readonly findings: string[],
  ) {}

  finding(name: string, what: string, allowed: string): void {
    this.findings.push(`${name} ${what}. Allowed: ${allowed}.`);
  }

  /** An empty variable counts as not set: shells and compose files unset variables that way. */
  text(name: string): string | undefined {
    return this.environment[name]?.trim() || undefined;
  }

  has(name: string): boolean {
    return this.text(name) !== undefined;
  }

  port(name: string, unset: number): number {
    const text = this.text(name);
    if (text === undefined) return unset;
    if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
    this.finding(name, `is "${text}"`, 'a whole number from 0 to 65535 (0 takes any free port)');
    return unset;
  }

  count(
    name: string,
    unset: number,
    { min, max }: { readonly min: number; readonly max: number },
  ): number {
    const text = this.text(name);
    if (text === undefined) return unset;
    if (/^\d{1,10}$/.test(text) && Number(text) >= min && Number(text) <= max) return Number(text);
    this.finding(name, `is "${text}"`, `a whole number from ${min} to ${max}`);
    return unset;
  }

  host(name: string, unset: string): string {
    return (
      this.pattern(name, /^[A-Za-z0-9.:_[\]%-]{1,255}$/, 'a host name or an IP address') ?? unset
    );
  }

  pattern(name: string, pattern: RegExp, allowed: string): string | undefined {
    const text = this.text(name);
    if (text === undefined || pattern.test(text)) return text;
    this.finding(name, `is "${text}"`, allowed);
    return undefined;
  }

  url(name: string, protocols: readonly string[]): string | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    // The message never repeats the value: such URLs contain passwords.
    if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text;
    this.finding(
      name,
      'is not a usable URL',
      `an absolute URL beginning with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    );
    return undefined;
  }

  /**
   * A connection string that names several hosts is not a URL; the client that connects parses the
   * rest.
   */
  connection(name: string, beginnings: readonly string[]): string | undefined {
    const text = this.text(name);
    if (
      text === undefined ||
      beginnings.some((beginning) => text.length > beginning.length && text.startsWith(beginning))
    )
      return text;
    // The message never repeats the value: it contains a password.
    this.finding(
      name,
      'is not a usable connection string',
      `one that begins with ${beginnings.join(' or ')}`,
    );
    return undefined;
  }

  choice<Choice extends string>(
    name: string,
    choices: readonly Choice[],
    unset: NoInfer<Choice>,
  ): Choice {
    const text = this.text(name);
    if (text === undefined) return unset;
    const chosen = choices.find((choice) => choice === text);
    if (chosen !== undefined) return chosen;
    this.finding(name, `is "${text}"`, choices.join(', '));
    return unset;
  }
}
