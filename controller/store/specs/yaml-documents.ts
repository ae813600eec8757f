import { Composer, type CST, type Document, Lexer, LineCounter, Parser } from 'yaml';
import type { Problem } from '../../api/problem.ts';
import { weighDocument } from './weigh-document.ts';

export interface YamlDocument {
  /** Place in the file, from 0; documents without content are counted and left out. */
  readonly index: number;
  readonly node: Document.Parsed;
  readonly value: unknown;
}

export interface YamlFile {
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly Problem[];
  readonly lines: LineCounter;
}

/** Errors of one file beyond these are not looked for: they follow from the first ones, and cost time. */
const MAX_ERRORS = 20;
const MAX_WARNINGS = 1000;
const MAX_DOCUMENTS = 10_000;
/** Collections open at once in the parser; weighDocument has the last word on depth. */
const MAX_OPEN = 250;

/** `uniqueKeys` is off because the library's check is quadratic; weighDocument checks keys in linear time. */
export const PARSE_OPTIONS = {
  uniqueKeys: false,
  stringKeys: true,
  prettyErrors: false,
  resolveKnownTags: false,
  logLevel: 'silent',
} as const;

/** Parses YAML or JSON of any number of documents. Never throws; its time grows with the text's length alone. */
export function parseYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const documents: YamlDocument[] = [];
  const problems: Problem[] = [];
  const at = (offset: number) => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const report = (offset: number, code: 'ParseError' | 'AliasBomb', message: string) =>
    problems.push({ code, severity: 'Error', ...at(offset), message, ...hintFor(code, message) });

  try {
    let index = 0;
    for (const node of composed(text, lines, report)) {
      if (index >= MAX_DOCUMENTS) {
        report(node.range[0], 'ParseError', `more than ${MAX_DOCUMENTS} documents in one file`);
        break;
      }
      const document = readDocument(node, index++, report);
      if (document !== undefined) documents.push(document);
      if (problems.length >= MAX_ERRORS) break;
    }
  } catch (error) {
    if (error instanceof TooManyErrors) report(error.offset, 'ParseError', error.message);
    else if (error instanceof RangeError) report(0, 'ParseError', 'nested too deeply');
    else report(0, 'ParseError', error instanceof Error ? error.message : String(error));
  }
  return { documents, problems: problems.slice(0, MAX_ERRORS), lines };
}

type Report = (offset: number, code: 'ParseError' | 'AliasBomb', message: string) => unknown;

class TooManyErrors extends Error {
  readonly offset: number;
  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/**
 * What parseAllDocuments does, but ended early: at the first token that is no YAML (the parser's recovery is quadratic
 * on a megabyte of `]`), where brackets or indentation open too many levels, and when the errors within one document
 * are many.
 */
function* composed(text: string, lines: LineCounter, report: Report): Generator<Document.Parsed> {
  const composer = new Composer(PARSE_OPTIONS);
  limitErrors(composer);
  for (const token of tokensOf(text, lines)) {
    if (token.type === 'error') {
      report(token.offset, 'ParseError', token.message);
      return;
    }
    yield* composer.next(token) as Generator<Document.Parsed>;
  }
  yield* composer.end(false, text.length) as Generator<Document.Parsed>;
}

function* tokensOf(text: string, lines: LineCounter): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > MAX_OPEN) throw new TooManyErrors(parser.offset, 'nested too deeply');
  }
  yield* parser.end();
}

type OnError = (source: unknown, code: string, message: string, warning?: boolean) => void;

function limitErrors(composer: object): void {
  // The hook is private to the library; a test holds that it still works.
  const hooked = composer as { onError: OnError };
  const original = hooked.onError;
  let errors = 0;
  let warnings = 0;
  hooked.onError = (source, code, message, warning) => {
    if (warning === true) warnings++;
    else errors++;
    if (errors > MAX_ERRORS || warnings > MAX_WARNINGS) throw new TooManyErrors(offsetOf(source), message);
    original(source, code, message, warning);
  };
}

function offsetOf(source: unknown): number {
  if (typeof source === 'number') return source;
  if (Array.isArray(source)) return Number(source[0]);
  return (source as { offset?: number } | undefined)?.offset ?? 0;
}

function readDocument(node: Document.Parsed, index: number, report: Report): YamlDocument | undefined {
  for (const error of node.errors) report(error.pos[0], 'ParseError', firstLine(error.message));
  if (node.errors.length > 0 || node.contents === null) return undefined;
  const faults = weighDocument(node);
  for (const { offset, code, message } of faults) report(offset, code, message);
  if (faults.length > 0) return undefined;
  // weighDocument has bounded the aliases; the library's own count would take quadratic time.
  const value: unknown = node.toJS({ maxAliasCount: -1 });
  return value === null || value === undefined ? undefined : { index, node, value };
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}

function hintFor(code: 'ParseError' | 'AliasBomb', message: string): { readonly hint?: string } {
  if (code === 'AliasBomb') return { hint: 'write the repeated parts out' };
  if (/tab/i.test(message)) return { hint: 'indent with spaces' };
  if (/implicit key|Nested mappings|same column|indent/i.test(message)) {
    return { hint: 'check the indentation, and quote values that hold a colon and a space' };
  }
  return {};
}
