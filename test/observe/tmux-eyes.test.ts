import { beforeEach, expect, test } from 'vitest';
import { LIST_ALL, listProject, listSession } from '../../controller/observe/pane-format.ts';
import type { PaneProcess } from '../../controller/observe/pane-processes.ts';
import { createTmuxEyes } from '../../controller/observe/tmux-eyes.ts';

const FIELDS = [...LIST_ALL.matchAll(/#\{([^}]+)\}/g)].map(([, field = '']) => field);
const SEARCH = listProject('web');
const HOME = listSession('$1');

/** A pane of project web, as tmux prints it. */
function line(agent: string, changes: Record<string, string> = {}): string {
  const id = `%${agent}`;
  const values: Record<string, string> = {
    session_id: '$1',
    session_name: 'web',
    window_id: `@${agent}`,
    window_name: agent,
    pane_id: id,
    pane_pid: '7',
    pane_dead: '0',
    '@muxlet-session': '$1 u web',
    '@muxlet-window': `@${agent} u ${agent}`,
    '@muxlet-pane': `${id} u web ${agent} h 1-${agent}`,
    ...changes,
  };
  return `muxlet:${FIELDS.map((field) => values[field] ?? '').join('\t')}`;
}

const isList = (question: string): boolean => question.startsWith('list-panes');

/** What stands in pane a, as it is captured. */
function captured(question: string): string[] {
  const [, border = ''] = /display-message -p (muxlet-\S+)/.exec(question) ?? [];
  return [`${capturedDead} 0 0  9 %a u web a h 1-a`, border, `said ${asked.length}`, border];
}

let capturedDead = 1;
let asked: string[] = [];
let answers: Record<string, readonly string[]> = {};
let hangs = false;
let process: PaneProcess = { process: 'Alive', processStart: '1', ours: true };
let time = 0;
let heard: 'Running' | 'Ended' | undefined;

beforeEach(() => {
  asked = [];
  capturedDead = 1;
  hangs = false;
  process = { process: 'Alive', processStart: '1', ours: true };
  heard = undefined;
});

function eyes(
  others: readonly { name: string; request: () => Promise<{ type: 'Unresponsive'; error: string }> }[] = [],
) {
  const server = {
    name: 'main',
    request(question: string) {
      asked.push(question);
      if (hangs) return Promise.resolve({ type: 'Unresponsive' as const, error: 'no answer' });
      if (!isList(question)) return Promise.resolve({ type: 'Done' as const, lines: captured(question) });
      return Promise.resolve({ type: 'Done' as const, lines: answers[question] ?? [] });
    },
  };
  const now = (): number => (time += 1);
  return createTmuxEyes({
    servers: () => [server, ...others],
    processes: { look: () => process, hasEnded: () => process.process !== 'Alive' },
    now,
    onLook: () => undefined,
    heardOf: () => heard,
  });
}

async function look(at: ReturnType<typeof eyes>, agents: readonly string[] | 'Unknown' = ['a', 'b']) {
  const known = agents === 'Unknown' ? undefined : agents;
  const request = { project: 'web', server: undefined, notBefore: time, agents: known, knownEnds: new Set<string>() };
  const seen = await at.project(request);
  if (seen.state === 'Unknown') throw new Error(seen.message);
  return seen.value.panes.map(({ id }) => id);
}

test('a project that was all in its session is looked for there alone', async () => {
  answers = { [SEARCH]: [line('a'), line('b')], [HOME]: [line('a'), line('b')] };
  const one = eyes();
  await look(one);
  expect(await look(one)).toEqual(['%a', '%b']);
  expect(asked).toEqual([SEARCH, HOME]);
});

test.each([
  ['an agent is not in it', [line('a')]],
  ['the session is gone', []],
  ['the session bears another name', [line('a', { session_name: 'mine' }), line('b', { session_name: 'mine' })]],
  ['its id is another session by now', [line('a', { '@muxlet-session': '' }), line('b', { '@muxlet-session': '' })]],
])('it is searched for everywhere once %s', async (_what, home) => {
  answers = { [SEARCH]: [line('a'), line('b')], [HOME]: home };
  const one = eyes();
  await look(one);
  expect(await look(one)).toEqual(['%a', '%b']);
  expect(asked).toEqual([SEARCH, HOME, SEARCH]);
});

test('a server that does not answer is not asked a second time', async () => {
  answers = { [SEARCH]: [line('a'), line('b')] };
  const one = eyes();
  await look(one);
  hangs = true;
  await expect(look(one)).rejects.toThrow('no answer');
  expect(asked).toEqual([SEARCH, HOME]);
});

test('it is searched for everywhere where nobody knows its agents, and after it was seen elsewhere', async () => {
  const away = line('b', { session_id: '$2', session_name: 'mine' });
  answers = { [SEARCH]: [line('a'), line('b')], [HOME]: [line('a'), line('b')] };
  const one = eyes();
  await look(one);
  await look(one, 'Unknown');
  answers = { [SEARCH]: [line('a'), away] };
  await look(one);
  await look(one);
  expect(asked).toEqual([SEARCH, SEARCH, HOME, SEARCH, SEARCH]);
});

test.each([
  ['alive', 'Zombie', '0'],
  ['alive', 'Gone', '0'],
  ['dead', 'Gone', '1'],
] as const)('a pane that was listed as %s and whose process is then %s is listed once more', async (_was, is, dead) => {
  const pane = line('a', { pane_dead: dead });
  answers = { [SEARCH]: [pane], [HOME]: [pane] };
  process = { process: is, ours: true };
  await look(eyes(), ['a']);
  expect(asked.filter(isList)).toEqual([SEARCH, HOME]);
});

test('how a zombie ended is told of a pane that tmux lists as dead without saying it', async () => {
  answers = { [SEARCH]: [line('a', { pane_dead: '1' })] };
  process = { process: 'Zombie', ours: true, ended: { signal: 9 } };
  const request = { project: 'web', server: undefined, notBefore: time, agents: ['a'], knownEnds: new Set<string>() };
  const seen = await eyes().project(request);
  expect(seen).toMatchObject({ value: { panes: [{ dead: true, process: 'Zombie', signal: 9 }] } });
});

test('the last lines of a run are those that were asked for behind the list that showed its end', async () => {
  const mark = { uid: 'u', project: 'web', agent: 'a', hash: 'h', run: '1-a' };
  const pane = { server: 'main', id: '%a', mark };
  answers = { [SEARCH]: [line('a')], [HOME]: [line('a')] };
  const one = eyes();
  await look(one, ['a']);
  process = { process: 'Zombie', ours: true };
  await look(one, ['a']);
  expect(asked.map(isList)).toEqual([true, true, false, true, false]);
  expect(await one.output(pane)).toEqual(['said 5']);
  expect(one.lastOutput('web', pane)?.screen).toEqual(['said 5']);
  process = { process: 'Alive', processStart: '1', ours: true };
  await look(one, ['a']);
  expect(one.lastOutput('web', pane)).toBeUndefined();
  expect(await one.output(pane)).toEqual(['said 7']);
});

test.each([
  ['asked for', 'Ended', 'Alive', 1],
  ['not asked for', 'Running', 'Zombie', 0],
] as const)(
  'the last lines of a run that was heard to be otherwise than its process looks are %s',
  async (_, said, is, times) => {
    answers = { [SEARCH]: [line('a')], [HOME]: [line('a')] };
    const one = eyes();
    await look(one, ['a']);
    heard = said;
    process = { process: is, processStart: '1', ours: true };
    await look(one, ['a']);
    expect(asked.filter((question) => !isList(question))).toHaveLength(times);
  },
);

test('a look that was begun when an end was told serves who asks a moment later, with the last lines', async () => {
  answers = { [SEARCH]: [line('a')], [HOME]: [line('a')] };
  const one = eyes();
  await look(one, ['a']);
  heard = 'Ended';
  const request = { project: 'web', server: undefined, notBefore: time, agents: ['a'], knownEnds: new Set<string>() };
  one.begin('web');
  one.begin('web');
  expect(asked).toEqual([SEARCH, HOME]);
  await one.project(request);
  expect(asked).toHaveLength(3);
  expect(one.lastOutput('web', { server: 'main', id: '%a' })?.screen).toEqual(['said 3']);
  await one.project({ ...request, notBefore: time });
  expect(asked.map(isList)).toEqual([true, true, false, true, false]);
});

test.each([
  ['before that was wanted', 0, 1],
  ['too long ago', 60, 0],
])('a look that was begun %s serves nobody', async (_, passed, later) => {
  answers = { [SEARCH]: [line('a')], [HOME]: [line('a')] };
  const one = eyes();
  await look(one, ['a']);
  const notBefore = time;
  one.begin('web');
  time += passed;
  const request = { project: 'web', server: undefined, agents: ['a'], knownEnds: new Set<string>() };
  await one.project({ ...request, notBefore: notBefore + later * 10 });
  expect(asked).toEqual([SEARCH, HOME, HOME]);
});

test('nothing is begun where nobody knows where to look, nor more than a look at everything would cost', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const lineOf = (name: string, index: number) =>
    line(name, {
      session_id: `$${index}`,
      session_name: name,
      '@muxlet-session': `$${index} u ${name}`,
      '@muxlet-pane': `%${name} u ${name} ${name} h 1-${name}`,
    });
  answers = Object.fromEntries(names.map((name, index) => [listProject(name), [lineOf(name, index)]]));
  const one = eyes();
  one.begin('a');
  expect(asked).toEqual([]);
  for (const name of names) {
    await one.project({ project: name, server: undefined, notBefore: time, agents: [name], knownEnds: new Set() });
  }
  asked = [];
  for (const name of names) one.begin(name);
  expect(asked).toHaveLength(4);
});

test('what stands in a pane of which tmux may not have read all yet is not all that its run has printed', async () => {
  const pane = { server: 'main', id: '%a' };
  answers = { [SEARCH]: [line('a')], [HOME]: [line('a')] };
  const one = eyes();
  await look(one, ['a']);
  process = { process: 'Zombie', ours: true };
  capturedDead = 0;
  await look(one, ['a']);
  await new Promise((resolve) => setImmediate(resolve));
  expect(one.lastOutput('web', pane)).toBeUndefined();
});

test('a server that gives no answer to a look at everything is nothing to a project on another one', async () => {
  answers = { [SEARCH]: [line('a')], [HOME]: [line('a')] };
  const hung = { name: 'hung', request: async () => ({ type: 'Unresponsive' as const, error: 'no answer' }) };
  const one = eyes([hung]);
  const begun = time;
  const everything = one.everything();
  const request = { project: 'web', notBefore: begun - 1, agents: ['a'], knownEnds: new Set<string>() };
  expect(await one.project({ ...request, server: 'main' })).toMatchObject({
    state: 'Known',
    value: { panes: [{ id: '%a' }] },
  });
  expect((await everything).state).toBe('Unknown');
});

test("a session of ours is seen by what stands in it, be that another project's window alone", async () => {
  const guest = line('c', { session_name: 'renamed', '@muxlet-pane': '%c u2 other c h 1-c' });
  answers = { [SEARCH]: [guest] };
  expect(await look(eyes())).toEqual(['%c']);
});

test('a look that shows the same as the one before gives the very same value, and another one where anything differs', async () => {
  answers = { [LIST_ALL]: [line('a'), line('b')] };
  const one = eyes();
  let list: unknown;
  const value = async () => {
    const all = await one.everything();
    list = all.state === 'Known' ? all.value : undefined;
    const seen = await one.project({
      project: 'web',
      server: undefined,
      notBefore: 0,
      agents: [],
      knownEnds: new Set(),
    });
    return seen.state === 'Known' ? seen.value : undefined;
  };
  const first = await value();
  const before = list;
  expect(await value()).toBe(first);
  expect(list).toBe(before);
  process = { process: 'Alive', processStart: '2', ours: true };
  const later = await value();
  expect(later?.panes.map(({ processStart }) => processStart)).toEqual(['2', '2']);
  process = { process: 'Alive', processStart: '2', ours: false };
  expect((await value())?.panes.map(({ mark }) => mark)).toEqual([undefined, undefined]);
  answers = { [LIST_ALL]: [line('a'), line('b', { window_name: 'mine' })] };
  expect((await value())?.panes.map(({ windowName }) => windowName)).toEqual(['a', 'mine']);
  expect(list).not.toBe(before);
  answers = { [LIST_ALL]: [line('a')] };
  expect((await value())?.panes.map(({ id }) => id)).toEqual(['%a']);
});
