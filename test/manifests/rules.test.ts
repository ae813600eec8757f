import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { CliDeps } from '../../controller/cli/ports.ts';
import { buildProgram } from '../../controller/cli/program.ts';
import { addRun } from '../../controller/cli/run.ts';
import { findOperatorPrograms } from '../../scripts/operator-programs.mjs';
import { ALERT_CASES } from './alert-cases.ts';
import { ANNOTATION_QUERIES, PANEL_QUERIES } from './dashboards.ts';
import { knownMetrics, type Rule, rulesOf } from './known-metrics.ts';
import { fillIn, namesIn } from './promql.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const MANIFESTS = join(root, 'manifests');
const RULE_FILES = ['muxlet.rules.yml', 'muxlet.alerts.yml'].map((file) => join(MANIFESTS, 'prometheus', file));
const ALERTS = rulesOf('muxlet.alerts.yml').map((rule) => ({ ...rule, alert: rule.alert ?? '' }));
const programs = findOperatorPrograms();

/** Runs a checker; throws with what it prints if it finds anything. */
function check(program: string, ...args: string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', cwd: root });
}

function temporaryFile(name: string, content: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'muxlet-rules-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

describe.skipIf(programs === undefined)('with promtool and amtool (npm run test:operators fetches them)', () => {
  const { promtool, amtool } = programs ?? { promtool: '', amtool: '' };

  test('rules and configurations are valid', () => {
    expect(check(promtool, 'check', 'rules', ...RULE_FILES)).toContain('SUCCESS');
    expect(check(promtool, 'check', 'config', join(MANIFESTS, 'prometheus/prometheus.yml'))).toContain('SUCCESS');
    expect(check(amtool, 'check-config', join(MANIFESTS, 'alertmanager/alertmanager.yml'))).toContain('SUCCESS');
  });

  test('every query of every panel and annotation parses', () => {
    const rules = [...PANEL_QUERIES, ...ANNOTATION_QUERIES].map(({ expr }, index) => ({
      record: `query:${index}`,
      expr: fillIn(expr),
    }));
    const file = temporaryFile('queries.json', { groups: [{ name: 'queries', rules }] });
    expect(check(promtool, 'check', 'rules', file)).toContain(`${rules.length} rules found`);
  });

  test('each alert fires where it should, and keeps quiet where it should', () => {
    const one = (alert: string, scraped: Readonly<Record<string, string>>, how: { at: string; value: number }) => ({
      interval: '1m',
      name: `${alert} ${how.value === 0 ? 'keeps quiet' : 'fires'}`,
      input_series: Object.entries(scraped).map(([series, values]) => ({ series, values })),
      promql_expr_test: [
        {
          expr: `count(ALERTS{alertname="${alert}", alertstate="firing"}) or vector(0)`,
          eval_time: how.at,
          exp_samples: [{ labels: '{}', value: how.value }],
        },
      ],
    });
    const tests = ALERT_CASES.flatMap(({ alert, fires, quiet, at = '30m' }) => [
      one(alert, fires, { at, value: 1 }),
      one(alert, quiet, { at, value: 0 }),
    ]);
    const file = temporaryFile('tests.json', { rule_files: RULE_FILES, evaluation_interval: '1m', tests });
    expect(check(promtool, 'test', 'rules', file)).toContain('SUCCESS');
  });
});

test('every alert has a case, and every case an alert', () => {
  expect([...new Set(ALERT_CASES.map(({ alert }) => alert))].sort()).toEqual(ALERTS.map(({ alert }) => alert).sort());
});

test.each(ALERTS.map((rule) => [rule.alert, rule] as const))(
  '%s says how bad it is, what it is, and where to read on',
  (alert, rule) => {
    expect(alert).toMatch(/^Muxlet[A-Z][A-Za-z]+$/);
    expect(rule.for).toMatch(/^\d+m$/);
    expect(Object.keys(rule.labels ?? {})).toEqual(['severity']);
    expect(['critical', 'warning', 'info']).toContain(rule.labels?.['severity']);
    expect(rule.annotations).toEqual({
      summary: expect.stringMatching(/[^.]$/),
      description: expect.stringMatching(/^[A-Z].*\.$/),
      runbook_url: `docs/runbooks/${alert}.md`,
    });
  },
);

test('rules name documented metrics, and labels that these have', async () => {
  const known = await knownMetrics();
  const wrong = [...rulesOf('muxlet.rules.yml'), ...ALERTS].flatMap((rule: Rule) => {
    const { metrics, matched, grouped } = namesIn(rule.expr);
    const labels = new Set(metrics.flatMap((metric) => [...(known.get(metric) ?? [])]));
    const shown = Object.values(rule.annotations ?? {}).flatMap((text) => [...text.matchAll(/\$labels\.(\w+)/g)]);
    return [
      ...metrics.filter((metric) => !known.has(metric)),
      ...matched.filter(({ metric, label }) => known.get(metric)?.has(label) !== true).map(({ label }) => label),
      ...[...grouped, ...shown.map(([, label = '']) => label)].filter((label) => !labels.has(label)),
    ].map((name) => `${rule.alert ?? rule.record}: ${name}`);
  });
  expect(wrong).toEqual([]);
});

describe('docs/runbooks', () => {
  const pages = readdirSync(join(root, 'docs/runbooks')).filter((page) => page !== 'README.md');
  const read = (page: string): string => readFileSync(join(root, 'docs/runbooks', page), 'utf8');

  test('has a page for every alert, and for no other, and lists them in order', () => {
    expect(pages).toEqual(ALERTS.map(({ alert }) => `${alert}.md`).sort());
    const rows = [...read('README.md').matchAll(/^\| \[(\w+)\]\((\w+)\.md\) \| (\w+) \| \S/gm)];
    expect(rows.map(([, name, file, severity]) => [name, file, severity])).toEqual(
      ALERTS.map(({ alert, labels }) => [alert, alert, labels?.['severity']]),
    );
  });

  test.each(pages)('%s says what it means, how to look, what to do', (page) => {
    expect(read(page)).toMatch(
      /^# \w+\n\n[A-Z][^#]+\n\n## How to look\n\n(?:<!-- before: .+ -->\n)?```(?:sh)?\n[\s\S]+\n```\n\n## What to do\n\n- [^#]/,
    );
    expect(read(page).match(/^#+ /gm)).toHaveLength(3);
    expect(read(page)).toContain(`# ${page.replace('.md', '')}\n`);
  });

  test('names commands that there are, with flags that they have', () => {
    const wrong = pages.flatMap((page) =>
      commandsIn(read(page)).flatMap((command) => (isKnown(command) ? [] : [`${page}: muxlet ${command.join(' ')}`])),
    );
    expect(wrong).toEqual([]);
  });

  test('looks with commands that change nothing', () => {
    const looking = new Set([
      'get',
      'describe',
      'events',
      'logs',
      'doctor',
      'plan',
      'diff',
      'validate',
      'audit',
      'recover',
      'attach',
    ]);
    for (const page of pages) {
      const [, block = ''] = /```(?:sh)?\n([\s\S]*?)\n```/.exec(read(page)) ?? [];
      expect(block).not.toBe('');
      for (const [verb = '', second = ''] of commandsIn(block)) {
        expect([page, verb, looking.has(verb)]).toEqual([page, verb, true]);
        if (verb === 'recover') expect(second).toBe('list');
      }
    }
  });
});

const deps = {
  version: '',
  stdout: { write: () => undefined },
  stderr: { write: () => undefined },
} as unknown as CliDeps;
const program = await buildProgram(deps);
addRun(program, deps, async () => 0);

/** What follows `muxlet` on each line of a block and in each word in backticks, up to a comment. */
function commandsIn(text: string): string[][] {
  return [...text.replaceAll(/`([^`\n]*)\n +([^`]*)`/g, '`$1 $2`').matchAll(/(?:^|`)muxlet ([^`#\n|]+)/gm)].map(
    ([, rest = '']) => rest.trim().split(/\s+/),
  );
}

function isKnown([verb = '', ...args]: readonly string[]): boolean {
  const command = program.commands.find((candidate) => candidate.name() === verb);
  if (command === undefined) return false;
  const sub = command.commands.find((candidate) => candidate.name() === args[0]);
  const flags = new Set([...command.options, ...(sub?.options ?? [])].flatMap(({ short, long }) => [short, long]));
  if (command.commands.length > 0 && sub === undefined) return false;
  return args.filter((arg) => arg.startsWith('-') && !arg.endsWith('-')).every((flag) => flags.has(flag));
}
