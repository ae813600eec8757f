import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../../controller/api/problem.ts';
import { hasRule } from '../../../controller/store/specs/pattern-rules.ts';
import { validateText } from '../../../controller/store/specs/validate-text.ts';
import { agentClass, project } from './support.ts';

const HEAD = 'apiVersion: muxlet.dev/v1alpha1\nkind: Project\nmetadata: {name: web}\n';
/** Line 4 is the first line of the spec. */
const spec = (text: string) => `${HEAD}${text}`;
const agent = (text: string) => spec(`spec:\n  agents:\n    - name: dev\n${text}`);

/** Line 5 is the first line below its spec. */
const classOf = (text: string) => `${HEAD.replace('Project', 'AgentClass')}spec:\n${text}`;

interface Row {
  readonly title: string;
  readonly text: string;
  readonly code: string;
  readonly at: string;
  readonly field?: string;
  readonly message?: RegExp;
  readonly hint?: RegExp;
}

const rows: Row[] = [
  {
    title: 'an unknown field is named with the field that was meant',
    text: agent('      restartPolcy: Never\n'),
    code: 'InvalidField',
    at: '7:7',
    field: 'spec.agents[0].restartPolcy',
    hint: /did you mean restartPolicy\?/,
  },
  {
    title: 'an unknown field that resembles none comes with the known ones',
    text: agent('      zzz: 1\n'),
    code: 'InvalidField',
    at: '7:7',
    field: 'spec.agents[0].zzz',
    hint: /known fields: name, class, command/,
  },
  {
    title: 'a field of the controller is named as such',
    text: HEAD.replace('{name: web}', '{name: web, uid: x}') + 'spec: {agents: [{name: dev}]}\n',
    code: 'InvalidField',
    at: '3:23',
    field: 'metadata.uid',
    hint: /controller keeps it/,
  },
  {
    title: 'a value outside an enum comes with the choices',
    text: agent('      restartPolicy: always\n'),
    code: 'InvalidField',
    at: '7:22',
    field: 'spec.agents[0].restartPolicy',
    hint: /did you mean Always\? one of Always, OnFailure, Never/,
  },
  {
    title: 'a number where a text belongs is to be put in quotes',
    text: agent('      env: [{name: PORT, value: 8080}]\n'),
    code: 'InvalidField',
    at: '7:33',
    field: 'spec.agents[0].env[0].value',
    hint: /in quotes: "8080"/,
  },
  {
    title: 'a shell string where an argv belongs is to be a list',
    text: agent('      command: sleep 1\n'),
    code: 'InvalidField',
    at: '7:16',
    field: 'spec.agents[0].command',
    message: /must be a list/,
  },
  {
    title: '[S32] a name that is no RFC 1123 label is refused in words',
    text: HEAD.replace('web', 'my.app') + 'spec: {agents: [{name: dev}]}\n',
    code: 'InvalidField',
    at: '3:18',
    field: 'metadata.name',
    hint: /RFC 1123 label: lower case/,
  },
  {
    title: 'an environment variable with value and valueFrom is one problem',
    text: agent('      env:\n        - {name: A, value: x, valueFrom: {env: B}}\n'),
    code: 'InvalidField',
    at: '8:11',
    field: 'spec.agents[0].env[0]',
    message: /give either value or valueFrom/,
  },
  {
    title: 'an environment variable with neither is one problem',
    text: agent('      env:\n        - name: A\n'),
    code: 'InvalidField',
    at: '8:11',
    field: 'spec.agents[0].env[0]',
    message: /give either value or valueFrom/,
  },
  {
    title: 'a misspelt alternative is one problem',
    text: agent('      env:\n        - name: A\n          valu: x\n'),
    code: 'InvalidField',
    at: '9:11',
    field: 'spec.agents[0].env[0].valu',
    hint: /did you mean value\?/,
  },
  {
    title: 'a valueFrom with two sources is one problem',
    text: agent('      env:\n        - name: A\n          valueFrom: {file: x, env: y}\n'),
    code: 'InvalidField',
    at: '9:22',
    field: 'spec.agents[0].env[0].valueFrom',
    message: /give either file or env/,
  },
  {
    title: '[S28] a negative interval is refused',
    text: agent('      backoff: {initialSeconds: -1}\n'),
    code: 'InvalidField',
    at: '7:33',
    field: 'spec.agents[0].backoff.initialSeconds',
    hint: /at least 0.01/,
  },
  {
    title: 'a missing field is found at its parent',
    text: spec('spec:\n  workingDir: /srv\n'),
    code: 'InvalidField',
    at: '4:1',
    field: 'spec',
    message: /agents is missing/,
  },
  {
    title: 'an empty field is found at its name',
    text: spec('spec:\n'),
    code: 'InvalidField',
    at: '4:1',
    field: 'spec',
  },
  {
    title: 'a label that is no label is found at its name',
    text: HEAD.replace('{name: web}', '{name: web, labels: {-a: b}}') + 'spec: {agents: [{name: dev}]}\n',
    code: 'InvalidField',
    at: '3:32',
    field: 'metadata.labels["-a"]',
    hint: /label's name/,
  },
  {
    title: '[S28] two agents of one name are found at the second',
    text: spec('spec:\n  agents:\n    - name: dev\n    - name: dev\n'),
    code: 'DuplicateName',
    at: '7:13',
    field: 'spec.agents[1].name',
    message: /spec\.agents\[0\]/,
  },
  {
    title: 'two variables of one name are found at the second',
    text: agent('      env: [{name: A, value: x}, {name: A, value: y}]\n'),
    code: 'DuplicateName',
    at: '7:41',
    field: 'spec.agents[0].env[1].name',
  },
  {
    title: 'a read-only kind is refused',
    text: 'apiVersion: muxlet.dev/v1alpha1\nkind: Agent\n',
    code: 'ReadOnlyKind',
    at: '2:7',
    field: 'kind',
  },
  {
    title: 'an unknown kind comes with the known ones',
    text: 'apiVersion: muxlet.dev/v1alpha1\nkind: project\n',
    code: 'InvalidDocument',
    at: '2:7',
    field: 'kind',
    hint: /did you mean Project\? known kinds: Project, AgentClass/,
  },
  {
    title: 'a range of versions that is none comes with one that is',
    text: classOf('  version:\n    command: [x]\n    seen: newer than 2\n'),
    code: 'InvalidField',
    at: '7:11',
    field: 'spec.version.seen',
    message: /"newer than 2" is no range of versions/,
    hint: />=2\.1\.300 <2\.2\.0/,
  },
  {
    title: 'a key of an answer that tmux does not know comes with the one that was meant',
    text: classOf('  dialogs:\n    - {name: Trust, pattern: x, answers: {yes: [Dwon, Enter]}}\n'),
    code: 'InvalidField',
    at: '6:49',
    field: 'spec.dialogs[0].answers.yes[0]',
    message: /there is no key "Dwon"/,
    hint: /write Down/,
  },
  {
    title: 'a plan of an account that its class does not know comes with those that it knows',
    text: classOf('  plans: {pro: 3, max5: 5}\n  plan: Pro\n'),
    code: 'InvalidField',
    at: '6:9',
    field: 'spec.plan',
    hint: /did you mean pro\? plans names pro, max5/,
  },
  {
    title: 'a key that ends a program is one as well',
    text: classOf('  finish: {keys: [Ctrl-C]}\n'),
    code: 'InvalidField',
    at: '5:19',
    field: 'spec.finish.keys[0]',
    hint: /write C-c/,
  },
  {
    title: 'an unknown apiVersion comes with the right one',
    text: 'apiVersion: v1\nkind: Project\nmetadata: {name: x}\n',
    code: 'InvalidDocument',
    at: '1:13',
    field: 'apiVersion',
    hint: /muxlet\.dev\/v1alpha1/,
  },
  {
    title: 'a document without kind is refused',
    text: 'projects: []\n',
    code: 'InvalidDocument',
    at: '1:1',
    message: /kind is missing/,
  },
  {
    title: '[S28] a JSON list is refused with the way to write a batch',
    text: '[{"kind": "Project"}]',
    code: 'InvalidDocument',
    at: '1:1',
    hint: /kind: List/,
  },
  { title: 'a text is no object', text: 'hello\n', code: 'InvalidDocument', at: '1:1' },
  { title: 'a tab in the indentation is named', text: 'a:\n\tb: c\n', code: 'ParseError', at: '2:1', hint: /spaces/ },
  { title: 'an open bracket is found', text: 'a: [b\n', code: 'ParseError', at: '2:1' },
  {
    title: 'a key that stands twice is found at the second',
    text: 'a: 1\nb: 2\na: 3\n',
    code: 'ParseError',
    at: '3:1',
    message: /a stands twice/,
  },
  { title: 'an alias without an anchor is found', text: 'a: *b\n', code: 'ParseError', at: '1:4' },
  { title: 'an alias within what it stands for is a bomb', text: 'a: &a [*a]\n', code: 'AliasBomb', at: '1:8' },
];

describe('validateText', () => {
  it.each(rows)('$title', ({ text, code, at, field, message, hint }) => {
    const { problems, objects } = validateText(text, 'web.yaml');
    expect(problems.map((problem) => `${problem.code} ${problem.line}:${problem.column}`)).toEqual([`${code} ${at}`]);
    const [problem] = problems;
    expect(problem?.field).toBe(field);
    if (message) expect(problem?.message).toMatch(message);
    if (hint) expect(problem?.hint).toMatch(hint);
    expect(objects).toEqual([]);
    expect(formatProblem(problem!)).toMatch(new RegExp(`^web\\.yaml:${at}: `));
  });

  it('reports every fault of a document at once', () => {
    const { problems } = validateText(agent('      restartPolicy: x\n      class: A B\n      foo: 1\n'), 'f');
    expect(problems.map(({ line }) => line ?? 0).sort((a, b) => a - b)).toEqual([7, 8, 9]);
  });

  it('reads several documents, Lists and JSON, each with its place', () => {
    const list = { apiVersion: 'v1', kind: 'List', items: [JSON.parse(asJson('three')), JSON.parse(asJson('four'))] };
    const text = `# head\n${project('one')}---\n${agentClass('two', 'x')}---\n# nothing\n---\n${JSON.stringify(list, undefined, '\t')}\n`;
    const { objects, problems } = validateText(text, 'f');
    expect(problems).toEqual([]);
    expect(
      objects.map(({ kind, name, documentIndex, itemIndex, line }) => [kind, name, documentIndex, itemIndex, line]),
    ).toEqual([
      ['Project', 'one', 0, undefined, 2],
      ['AgentClass', 'two', 1, undefined, 10],
      ['Project', 'three', 3, 0, 21],
      ['Project', 'four', 3, 1, expect.any(Number)],
    ]);
  });

  it('names the item of a List in the field', () => {
    const text =
      'kind: List\nitems:\n  - apiVersion: muxlet.dev/v1alpha1\n    kind: Project\n    metadata: {name: a}\n    spec: {agents: []}\n';
    expect(validateText(text, 'f').problems[0]?.field).toBe('items[0].spec.agents');
  });

  it('ignores a status, whatever it holds', () => {
    const { objects, problems } = validateText(`${project('web')}status: {phase: 7, nonsense: []}\n`, 'f');
    expect(problems).toEqual([]);
    expect(objects[0]?.object).not.toHaveProperty('status');
  });

  it('expands modest aliases', () => {
    const text = spec('spec:\n  agents:\n    - {name: a, command: &c [sleep, "1"]}\n    - {name: b, command: *c}\n');
    expect(validateText(text, 'f').objects[0]?.object.spec).toMatchObject({
      agents: [{}, { command: ['sleep', '1'] }],
    });
  });

  it('knows in words every pattern of the schemas that people write', () => {
    const schemas = new URL('../../../controller/api/schemas/', import.meta.url);
    const texts = readdirSync(schemas).map((name) => readFileSync(new URL(name, schemas), 'utf8'));
    const patterns = texts.flatMap((text) =>
      [...text.matchAll(/"pattern": ("(?:[^"\\]|\\.)*")/g)].map(([, json]) => JSON.parse(json!)),
    );
    expect(patterns.length).toBeGreaterThan(3);
    expect(patterns.filter((pattern) => !hasRule(pattern))).toEqual([]);
  });

  it.each([
    ['GitSource', 'interval', '{url: https://x.example/y, ref: {branch: main}, interval: 0s}'],
    ['GitSource', 'timeout', '{url: https://x.example/y, ref: {branch: main}, timeout: 000m}'],
    ['Message', 'every', '{to: {project: web}, text: hello, every: 0m}'],
    ['Queue', 'circuitBreaker.window', '{circuitBreaker: {failures: 3, window: 0h}}'],
    ['Project', 'deadline.after', '{agents: [{name: a}], deadline: {after: 0s}}'],
    ['Alert', 'receivers[0].timeout', '{receivers: [{name: a, timeout: 0s, desktop: {}}]}'],
    ['Alert', 'limit.per', '{receivers: [{name: a, desktop: {}}], limit: {per: 0d}}'],
  ])('takes no zero of a %s for %s, where nothing could come of it', (kind, field, text) => {
    const { problems } = validateText(
      `apiVersion: muxlet.dev/v1alpha1\nkind: ${kind}\nmetadata: {name: x}\nspec: ${text}\n`,
      'f',
    );
    expect(problems).toMatchObject([
      { code: 'InvalidField', field: `spec.${field}`, hint: expect.stringContaining('above zero') },
    ]);
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => void validateText(text, 'f')));
    const whole = `${project('one')}---\n${agentClass('two', 'x')}`;
    fc.assert(fc.property(fc.nat(whole.length), (end) => void validateText(whole.slice(0, end), 'f')));
  });
});

function asJson(name: string): string {
  return JSON.stringify({
    apiVersion: 'muxlet.dev/v1alpha1',
    kind: 'Project',
    metadata: { name },
    spec: { agents: [{ name: 'dev' }] },
  });
}

describe('the address of a GitSource', () => {
  const problemsOf = (url: string) =>
    validateText(
      JSON.stringify({
        apiVersion: 'muxlet.dev/v1alpha1',
        kind: 'GitSource',
        metadata: { name: 'team' },
        spec: { url },
      }),
      'team.json',
    ).problems.map(formatProblem);

  it.each([
    'https://bob:hunter2@example.com/x',
    'ssh://bob:hunter2@example.com/x',
    `https://bob:hunter2${'x'.repeat(99)}@e.com/`,
  ])('holds no password, and what is said of it neither: %s', (url) => {
    const problems = problemsOf(url);
    expect(problems).toHaveLength(1);
    expect(problems.join()).not.toMatch(/bob|hunter2/);
  });

  it.each([
    'ssh://git@example.com/x.git',
    'ssh://example.com:22/~me/x@y:z',
    'ssh://git@[::1]:22/x',
    'git@example.com:x.git',
    'https://example.com/x',
  ])('may be %s', (url) => {
    expect(problemsOf(url)).toEqual([]);
  });
});
