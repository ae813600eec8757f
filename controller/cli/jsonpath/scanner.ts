import { MuxletError } from '../../api/errors.ts';

/** A text with a place in it: what the parsers of this folder read from. */
export class Scanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  startsWith(token: string): boolean {
    return this.text.startsWith(token, this.at);
  }

  /** Steps over a token if it stands here. */
  take(token: string): boolean {
    if (!this.startsWith(token)) return false;
    this.at += token.length;
    return true;
  }

  /** Steps over a token that must stand here. */
  expect(token: string): void {
    if (!this.take(token)) this.fail(`expected ${token}`);
  }

  /** Steps over what a sticky pattern matches here, and returns it. */
  match(pattern: RegExp): string | undefined {
    const sticky = new RegExp(pattern.source, 'y');
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  skipSpace(): void {
    this.match(/\s*/);
  }

  /** A quoted text with either quotation mark; \n, \t, \\ and escaped quotes are understood. */
  quoted(): string | undefined {
    const found = this.match(/'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"/);
    if (found === undefined) return undefined;
    return found.slice(1, -1).replaceAll(/\\([^])/g, (_, char: string) => ESCAPES[char] ?? char);
  }

  fail(what: string): never {
    throw new MuxletError('MUX_USAGE', `"${this.text}" is no JSONPath: ${what} at character ${this.at + 1}`);
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
