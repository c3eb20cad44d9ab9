const FOUND_AT_MOST = 100;
/** Bounds the answer: a name can be as long as the text. */
const CHARACTERS_AT_MOST = 64 * 1024;

/**
 * JSON pointers to the names that an object has more than once, in any escaping. The text must be
 * JSON.
 */
export function repeatedNames(json: string): readonly string[] {
  return new NameReader(json).found;
}

class NameReader {
  readonly found: string[] = [];
  private at = 0;
  private characters = 0;
  private readonly place: (string | number)[] = [];

  constructor(private readonly json: string) {
    this.value();
  }

  private value(): void {
    const first = this.next();
    if (first === '{') this.object();
    else if (first === '[') this.list();
    else if (first === '"') this.text();
    else
      while (this.at < this.json.length && !/[,\]}\s]/.test(this.json.charAt(this.at))) this.at++;
  }

  private object(): void {
    const names = new Set<string>();
    const reported = new Set<string>();
    this.each('}', () => {
      const name = this.text();
      this.place.push(name);
      if (names.has(name) && !reported.has(name)) this.report();
      if (names.has(name)) reported.add(name);
      names.add(name);
      this.next();
      this.at++; // the colon
      this.value();
      this.place.pop();
    });
  }

  private list(): void {
    let index = 0;
    this.each(']', () => {
      this.place.push(index++);
      this.value();
      this.place.pop();
    });
  }

  /** Reads the items between the brackets. */
  private each(end: string, read: () => void): void {
    this.at++;
    while (this.next() !== end) {
      read();
      if (this.next() === ',') this.at++;
      this.next();
    }
    this.at++;
  }

  private text(): string {
    const from = this.at++;
    while (this.json.charAt(this.at) !== '"') this.at += this.json.charAt(this.at) === '\\' ? 2 : 1;
    this.at++;
    // A JSON string, with its quotes.
    return JSON.parse(this.json.slice(from, this.at)) as string;
  }

  /** Skips whitespace and returns the next character. */
  private next(): string {
    while (/\s/.test(this.json.charAt(this.at))) this.at++;
    return this.json.charAt(this.at);
  }

  private report(): void {
    if (this.found.length >= FOUND_AT_MOST || this.characters > CHARACTERS_AT_MOST) return;
    const path = this.place
      .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
      .join('');
    this.characters += path.length;
    this.found.push(path);
  }
}
