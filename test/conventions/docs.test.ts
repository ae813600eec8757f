import { readdirSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { ERROR_CODES } from '../../controller/api/errors.ts';
import { KINDS } from '../../controller/api/kinds.ts';
import { PROBLEM_CODES } from '../../controller/api/problem.ts';
import { REASONS } from '../../controller/api/reasons.ts';
import type { CliDeps } from '../../controller/cli/ports.ts';
import { buildProgram } from '../../controller/cli/program.ts';
import { addRun } from '../../controller/cli/run.ts';
import { COUNTERS, GAUGES, HISTOGRAMS } from '../../controller/metrics/definitions.ts';
import { pagePaths } from '../docs/support/blocks.ts';

// What the program knows and what docs/ says of it are the same: nothing undocumented, and nothing documented and gone.

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** First cells, less their backticks, of all tables of a page, or of one section of it. */
function firstCells(text: string): string[] {
  return [...text.matchAll(/^\| `(?<cell>[^`]+)` \|/gm)].map(({ groups }) =>
    (groups?.['cell'] ?? '').replaceAll('\\|', '|'),
  );
}

/** The text below a heading, up to the next one of its level or above. */
function section(text: string, heading: string): string {
  const level = heading.split(' ')[0]?.length ?? 2;
  const from = text.indexOf(`\n${heading}\n`);
  if (from < 0) return '';
  const rest = text.slice(from + heading.length + 2);
  const end = rest.search(new RegExp(`^#{1,${level}} `, 'm'));
  return end < 0 ? rest : rest.slice(0, end);
}

function same(documented: readonly string[], known: readonly string[]): void {
  expect([...documented].sort()).toEqual([...known].sort());
}

describe('docs/errors.md', () => {
  const page = read('docs/errors.md');
  test('lists every error code once, and no other', () => {
    same(firstCells(section(page, '## Errors')), Object.keys(ERROR_CODES));
  });
  test('lists every problem code once, and no other', () => {
    same(firstCells(section(page, '## Problems')), Object.keys(PROBLEM_CODES));
  });
  test('lists every reason once, and no other', () => {
    same(firstCells(section(page, '## Reasons')), [...REASONS]);
  });
});

test('docs/metrics.md lists every metric once, and no other', () => {
  const known = [COUNTERS, GAUGES, HISTOGRAMS].flatMap((group) => Object.values(group).map(({ name }) => name));
  same(firstCells(read('docs/metrics.md')), known);
});

describe('docs/cli.md', async () => {
  const page = read('docs/cli.md');
  const deps = { version: '', stdout: { write: () => undefined }, stderr: { write: () => undefined } };
  const program = await buildProgram(deps as unknown as CliDeps);
  addRun(program, deps as unknown as CliDeps, async () => 0);

  const verbs = program.commands.filter((command) => !command.name().startsWith('__'));

  test('has a section for every verb, and for no other', () => {
    const headings = [...page.matchAll(/^## (?<verb>.+)$/gm)].map(({ groups }) => groups?.['verb'] ?? '');
    same(
      headings,
      verbs.map((command) => command.name()),
    );
  });

  test.each(verbs.map((command) => [command.name(), command] as const))('tells the flags of %s', (verb, command) => {
    const flags = firstCells(section(page, `## ${verb}`)).filter((cell) => cell.startsWith('-'));
    same(flags, flagsOf(command));
  });
});

function flagsOf(command: Command): string[] {
  const own = command.options.map(({ flags }) => flags);
  return [...own, ...command.commands.flatMap(flagsOf)];
}

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

const SCHEMAS = 'controller/api/schemas/';
const schemas = new Map(
  readdirSync(new URL(SCHEMAS, root)).map((file) => [file, JSON.parse(read(`${SCHEMAS}${file}`)) as Schema]),
);

/** Definitions that have a section of their own, on the page of the kind that is named. */
const OWN_SECTION: Readonly<Record<string, string>> = {
  EnvVar: 'project',
  Backoff: 'project',
  Probe: 'project',
  Condition: 'project',
  Exit: 'agent',
  Termination: 'agent',
  AgentStatus: 'agent',
};

/** Paths of all fields below a schema: `spec.agents[].name`. */
function fieldsOf(schema: Schema, file: string, prefix: string, page: string): string[] {
  if (schema.$ref !== undefined) {
    const [other = '', name = ''] = schema.$ref.split('#/definitions/');
    const target = other || file;
    const home = OWN_SECTION[name];
    if (home !== undefined && !(name === 'AgentStatus' && page === 'agent')) return [];
    return fieldsOf(schemas.get(target)?.definitions?.[name] ?? {}, target, prefix, page);
  }
  if (schema.items !== undefined) return fieldsOf(schema.items, file, prefix.replace(/\.$/, '[].'), page);
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
    `${prefix}${name}`,
    ...fieldsOf(field, file, `${prefix}${name}.`, page),
  ]);
}

test.each(['project', 'agent', 'agentclass', 'agentrole', 'team', 'message', 'queue', 'gitsource', 'alert', 'event'])(
  'docs/%s.md lists every field of the schema, and no other',
  (page) => {
    const file = `${page}.schema.json`;
    const own = Object.entries(OWN_SECTION).flatMap(([name, home]) => {
      if (home !== page || name === 'AgentStatus') return [];
      return fieldsOf(
        schemas.get('project.schema.json')?.definitions?.[name] ?? {},
        'project.schema.json',
        `${name}.`,
        page,
      );
    });
    const known = [...fieldsOf(schemas.get(file) ?? {}, file, '', page), ...own];
    const tables = read(`docs/${page}.md`)
      .split(/^(?=\| field )/m)
      .slice(1)
      .map((text) => text.split('\n\n')[0] ?? '');
    same(firstCells(tables.join('\n')), known);
  },
);

test('the figures in docs/operations.md are those of README.md', () => {
  const rows = section(read('docs/operations.md'), '## Sizing').matchAll(
    /^\| [^|]+ \| (?<muxlet>[^|]*\d[^|]*) \| (?<raw>[^|]*)\| `npm run bench -- (?<name>[\w-]+)` \|$/gm,
  );
  const figures = [...rows].map(({ groups }) => groups ?? {});
  expect(figures.length).toBeGreaterThan(3);
  const readme = read('README.md');
  const stale = figures.filter(
    ({ muxlet = '', raw = '' }) => !readme.includes(`| ${muxlet.trim()} | ${raw.trim()}`.trimEnd()),
  );
  expect(stale.map(({ muxlet, raw }) => `README.md does not have (any more): ${muxlet} | ${raw}`)).toEqual([]);
});

test('docs/README.md leads to every page', () => {
  const index = read('docs/README.md');
  const pages = readdirSync(new URL('docs', root), { recursive: true, encoding: 'utf8' }).filter((file) =>
    /^(?:cookbook\/)?[^/]+\.md$/.test(file),
  );
  const others = pages.filter((page) => !['README.md', 'cookbook/README.md'].includes(page));
  expect(others.filter((page) => !index.includes(`](${page})`))).toEqual([]);
});

test('docs/concepts.md tells every kind', () => {
  const page = read('docs/concepts.md');
  expect(KINDS.map(({ kind }) => kind).filter((kind) => !page.includes(`| [${kind}](`))).toEqual([]);
});

/** The anchors of a page, as they are made of its headings: in lower case, without marks, `-` for each blank. */
function anchorsOf(page: string): ReadonlySet<string> {
  const headings = read(page)
    .replaceAll(/^```[^]*?^```$/gm, '')
    .matchAll(/^#+ (?<text>.+)$/gm);
  return new Set(
    [...headings].map(({ groups }) =>
      (groups?.['text'] ?? '')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

test('every link to a part of a page leads to a heading', () => {
  const broken = pagePaths().flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:)(?<target>[^)#]*)#(?<anchor>[^)]+)\)/g)]
      .map(({ groups }) => ({ target: groups?.['target'] ?? '', anchor: groups?.['anchor'] ?? '' }))
      .filter(({ target, anchor }) => {
        const other = target === '' ? page : new URL(target, new URL(page, root)).pathname.slice(root.pathname.length);
        return !anchorsOf(other).has(anchor);
      })
      .map(({ target, anchor }) => `${page}: ${target}#${anchor}`),
  );
  expect(broken).toEqual([]);
});

test('every link between pages leads somewhere', () => {
  const pages = [
    'README.md',
    ...readdirSync(new URL('docs', root), { recursive: true, encoding: 'utf8' }).map((file) => `docs/${file}`),
  ];
  const broken = pages
    .filter((page) => page.endsWith('.md'))
    .flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:)(?<target>[^)#]*)(?:#[^)]*)?\)/g)]
        .map(({ groups }) => groups?.['target'] ?? '')
        .filter((target) => target !== '' && !exists(new URL(target, new URL(page, root))))
        .map((target) => `${page}: ${target}`),
    );
  expect(broken).toEqual([]);
});

function exists(url: URL): boolean {
  try {
    readdirSync(url);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOTDIR';
  }
}
