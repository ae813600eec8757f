import { expect, test } from 'vitest';
import type { Action } from '../../controller/api/action.ts';
import type { ObservedPane, ObservedTmux } from '../../controller/api/observed.ts';
import { linuxProcessTable } from '../../controller/observe/linux-process-table.ts';
import { signalProcess } from '../support/signal-process.ts';
import { agent, OWNER, STRANGER } from './support/agents.ts';
import { type RealTmux, withTmux } from './support/real-tmux.ts';

async function create(tmux: RealTmux, ...names: string[]): Promise<ObservedTmux> {
  const result = await tmux.carryOut({
    type: 'CreateSession',
    owner: OWNER,
    server: tmux.server,
    agents: names.map((name) => agent(name)),
  });
  expect(result).toEqual({ ok: true });
  for (const name of names) await tmux.pane('web', name);
  return tmux.look('web');
}

function ownPane(found: ObservedTmux, name: string): ObservedPane {
  const pane = found.panes.find(({ mark }) => mark?.agent === name);
  if (pane === undefined) throw new Error(`no pane of ${name}`);
  return pane;
}

function ownSession({ sessions }: ObservedTmux) {
  const session = sessions.find(({ uid }) => uid === OWNER.uid);
  if (session === undefined) throw new Error('no session');
  return session;
}

for (const sessionEnvironment of [true, false]) {
  const way = sessionEnvironment ? 'with new-session -e' : 'through a placeholder, as before tmux 3.2';
  test(`a session comes with a marked window per agent, ${way}`, () =>
    withTmux(
      async (tmux) => {
        const found = await create(tmux, 'a', 'b');
        expect(found.sessions).toMatchObject([{ name: 'web', uid: OWNER.uid, project: 'web', windows: 2 }]);
        expect(
          found.panes.map(({ windowName, windowAgent, windowPanes, dead, process }) => ({
            windowName,
            windowAgent,
            windowPanes,
            dead,
            process,
          })),
        ).toEqual(
          ['a', 'b'].map((name) => ({
            windowName: name,
            windowAgent: name,
            windowPanes: 1,
            dead: false,
            process: 'Alive',
          })),
        );
        for (const pane of found.panes) expect(pane.mark).toMatchObject({ ...OWNER, hash: 'hash-1' });
        expect(await tmux.person('show-environment', '-t', '=web')).not.toContain('MUXLET_RUN=');
      },
      { sessionEnvironment },
    ));
}

test('a session whose name is taken is not made, and the one that is there stays as it is', () =>
  withTmux(async (tmux) => {
    await tmux.person('new-session', '-d', '-s', 'web', '-n', 'mine', 'sleep 1000');
    const result = await tmux.carryOut({
      type: 'CreateSession',
      owner: OWNER,
      server: tmux.server,
      agents: [agent('a')],
    });
    expect(result.ok).toBe(false);
    const { sessions, panes } = await tmux.look('web');
    expect(sessions.map(({ name, uid }) => ({ name, uid }))).toEqual([{ name: 'web', uid: undefined }]);
    expect(panes.map(({ mark, windowName }) => ({ mark, windowName }))).toEqual([
      { mark: undefined, windowName: 'mine' },
    ]);
  }));

test('a living pane is not respawned, a dead one is, in place and with a run of its own', () =>
  withTmux(async (tmux) => {
    const pane = ownPane(await create(tmux, 'a'), 'a');
    const again: Action = { type: 'RespawnPane', owner: OWNER, agent: agent('a'), pane };
    expect((await tmux.carryOut(again)).ok).toBe(false);
    expect((await tmux.pane('web', 'a')).mark?.run).toBe(pane.mark?.run);
    const stat = linuxProcessTable.stat(pane.pid);
    if (typeof stat !== 'string') {
      expect(`/dev/pts/${stat.terminal}`).toBe(
        await tmux.person('display-message', '-p', '-t', pane.id, '#{pane_tty}'),
      );
    }
    signalProcess(pane.pid, 'SIGKILL');
    await tmux.pane('web', 'a', ({ dead }) => dead);
    expect(await tmux.carryOut(again)).toEqual({ ok: true });
    const next = await tmux.pane('web', 'a', ({ dead }) => !dead);
    expect(next.id).toBe(pane.id);
    expect(next.mark?.run).not.toBe(pane.mark?.run);
  }));

test('windows are added, renamed, moved, swapped and broken out', () =>
  withTmux(async (tmux) => {
    const found = await create(tmux, 'a');
    const session = ownSession(found);
    const index = ownPane(found, 'a').windowIndex + 4;
    expect(await tmux.carryOut({ type: 'CreateWindow', owner: OWNER, agent: agent('b'), session, index })).toEqual({
      ok: true,
    });
    const taken = await tmux.carryOut({ type: 'CreateWindow', owner: OWNER, agent: agent('c'), session, index });
    expect(taken.ok).toBe(false);
    const [a, b] = [await tmux.pane('web', 'a'), await tmux.pane('web', 'b')];
    expect(b.windowIndex).toBe(index);
    expect(await tmux.carryOut({ type: 'SwapWindows', owner: OWNER, first: a, second: b })).toEqual({ ok: true });
    expect((await tmux.pane('web', 'a')).windowIndex).toBe(index);
    expect(await tmux.carryOut({ type: 'RenameWindow', owner: OWNER, pane: a, name: 'other' })).toEqual({ ok: true });
    expect((await tmux.pane('web', 'a')).windowName).toBe('other');
    await tmux.person('join-pane', '-d', '-s', b.id, '-t', a.id);
    expect(
      await tmux.carryOut({ type: 'BreakPane', owner: OWNER, agent: 'b', pane: b, session, index: index + 3 }),
    ).toEqual({ ok: true });
    expect(await tmux.pane('web', 'b')).toMatchObject({
      windowIndex: index + 3,
      windowAgent: 'b',
      windowName: 'b',
      windowPanes: 1,
    });
    await tmux.person('new-session', '-d', '-s', 'mine', 'sleep 1000');
    await tmux.person('move-window', '-d', '-s', b.id, '-t', '=mine:7');
    const away = await tmux.pane('web', 'b', ({ sessionId }) => sessionId !== session.id);
    expect(await tmux.carryOut({ type: 'MoveWindow', owner: OWNER, pane: away, session, index: index + 5 })).toEqual({
      ok: true,
    });
    expect(await tmux.pane('web', 'b')).toMatchObject({ sessionId: session.id, windowIndex: index + 5 });
    expect((await tmux.person('list-sessions', '-F', '#{session_name}')).split('\n')).toContain('mine');
  }));

test('a session is made again around an agent that a person moved, and its placeholder has no process', () =>
  withTmux(async (tmux) => {
    const { pid, id } = ownPane(await create(tmux, 'a'), 'a');
    const restore: Action = { type: 'RestoreSession', owner: OWNER, server: tmux.server };
    expect((await tmux.carryOut(restore)).ok).toBe(false);
    await tmux.person('new-session', '-d', '-s', 'mine', 'sleep 1000');
    await tmux.person('move-window', '-d', '-s', id, '-t', '=mine:7');
    expect(await tmux.carryOut(restore)).toEqual({ ok: true });
    const restored = await tmux.look('web');
    const session = ownSession(restored);
    const hold = restored.panes.find(({ sessionId }) => sessionId === session.id);
    expect(hold).toMatchObject({ placeholderOf: OWNER.uid, windowName: '_placeholder', windowPanes: 1, pid: 0 });
    if (hold === undefined) throw new Error('no placeholder');
    const remove: Action = { type: 'RemovePlaceholder', owner: OWNER, pane: hold };
    expect((await tmux.carryOut(remove)).ok).toBe(false);
    await tmux.person('kill-window', '-t', '=mine:0');
    const pane = await tmux.pane('web', 'a');
    const move = { owner: OWNER, pane, session, index: 9 } as const;
    expect((await tmux.carryOut({ type: 'MoveWindow', ...move })).ok).toBe(false);
    expect(await tmux.carryOut({ type: 'LinkWindow', ...move })).toEqual({ ok: true });
    expect(await tmux.carryOut(remove)).toEqual({ ok: true });
    const { sessions, panes } = await tmux.look('web');
    expect(panes).toMatchObject([{ id, pid, sessionId: session.id, windowIndex: 9 }]);
    expect(sessions.find(({ name }) => name === 'web')?.windows).toBe(1);
    expect(await tmux.person('list-panes', '-s', '-t', '=mine:', '-F', '#{pane_id}')).toBe(id);
  }));

test('a placeholder in which a person has something run is theirs', () =>
  withTmux(async (tmux) => {
    expect(await tmux.carryOut({ type: 'RestoreSession', owner: OWNER, server: tmux.server })).toEqual({ ok: true });
    await tmux.person('respawn-pane', '-t', '=web:', 'sleep 1000');
    const [pane] = (await tmux.look('web')).panes;
    expect(pane?.placeholderOf).toBeUndefined();
  }));

test('windows that are linked elsewhere as well change places at home', () =>
  withTmux(async (tmux) => {
    const found = await create(tmux, 'a', 'b');
    const [a, b] = [ownPane(found, 'a'), ownPane(found, 'b')];
    await tmux.person('new-session', '-d', '-s', 'mine', 'sleep 1000');
    for (const { windowId } of [a, b]) await tmux.person('link-window', '-d', '-s', windowId, '-t', '=mine:');
    const indexes = () => tmux.person('list-windows', '-t', '=mine:', '-F', '#{window_index} #{window_id}');
    const before = await indexes();
    expect(await tmux.carryOut({ type: 'SwapWindows', owner: OWNER, first: a, second: b })).toEqual({ ok: true });
    expect((await tmux.pane('web', 'a')).windowIndex).toBe(b.windowIndex);
    expect((await tmux.pane('web', 'b')).windowIndex).toBe(a.windowIndex);
    expect(await indexes()).toBe(before);
  }));

test('an agent gets a pane beside that of a person in its window, and only its own pane goes', () =>
  withTmux(async (tmux) => {
    const found = await create(tmux, 'a', 'b');
    const a = ownPane(found, 'a');
    await tmux.person('split-window', '-d', '-t', a.id, 'sleep 1000');
    await tmux.person('kill-pane', '-t', a.id);
    const window = { server: tmux.server, id: a.windowId };
    expect(await tmux.carryOut({ type: 'SplitWindow', owner: OWNER, agent: agent('a'), window })).toEqual({ ok: true });
    const next = await tmux.pane('web', 'a');
    expect(next).toMatchObject({ windowId: a.windowId, windowPanes: 2 });
    expect(await tmux.carryOut({ type: 'KillPane', owner: OWNER, pane: next })).toEqual({ ok: true });
    const left = (await tmux.look('web')).panes.filter(({ windowId }) => windowId === a.windowId);
    expect(left.map(({ mark }) => mark)).toEqual([undefined]);
  }));

test('a session is renamed, released to a person, or removed', () =>
  withTmux(async (tmux) => {
    const found = await create(tmux, 'a');
    const session = ownSession(found);
    await tmux.person('rename-session', '-t', session.id, 'other');
    expect(await tmux.carryOut({ type: 'RenameSession', owner: OWNER, session, name: 'web' })).toEqual({ ok: true });
    expect(ownSession(await tmux.look('web')).name).toBe('web');
    const release: Action = { type: 'ReleaseSession', owner: OWNER, session, name: 'web~7', windows: [] };
    expect(await tmux.carryOut(release)).toEqual({ ok: true });
    expect((await tmux.look('web~7')).sessions.map(({ uid, name }) => [uid, name])).toEqual([[undefined, 'web~7']]);
    expect((await tmux.carryOut({ type: 'KillSession', owner: OWNER, session })).ok).toBe(false);
    expect((await tmux.look('web~7')).sessions).toHaveLength(1);
  }));

test('removing twice fails the second time, and harmlessly', () =>
  withTmux(async (tmux) => {
    const session = ownSession(await create(tmux, 'a'));
    await tmux.person('new-session', '-d', '-s', 'mine', 'sleep 1000');
    expect(await tmux.carryOut({ type: 'KillSession', owner: OWNER, session })).toEqual({ ok: true });
    expect((await tmux.carryOut({ type: 'KillSession', owner: OWNER, session })).ok).toBe(false);
    expect((await tmux.look('web')).panes).toEqual([]);
    expect((await tmux.person('list-sessions', '-F', '#{session_name}')).split('\n')).toContain('mine');
  }));

test('nothing is done to what bears the mark of another project object', () =>
  withTmux(async (tmux) => {
    const before = await create(tmux, 'a', 'b');
    const session = ownSession(before);
    const [pane, second] = [ownPane(before, 'a'), ownPane(before, 'b')];
    const owner = STRANGER;
    const place = { owner, pane };
    const actions: Action[] = [
      { type: 'RenameSession', owner, session, name: 'x' },
      { type: 'KillSession', owner, session },
      { type: 'ReleaseSession', owner, session, windows: [] },
      { type: 'CreateWindow', owner, agent: agent('c'), session, index: 9 },
      { type: 'SplitWindow', owner, agent: agent('c'), window: { server: tmux.server, id: pane.windowId } },
      { type: 'RespawnPane', ...place, agent: agent('a') },
      { type: 'RenameWindow', ...place, name: 'x' },
      { type: 'MarkWindow', ...place, agent: 'x' },
      { type: 'MoveWindow', ...place, session, index: 9 },
      { type: 'LinkWindow', ...place, session, index: 9 },
      { type: 'RemovePlaceholder', ...place },
      { type: 'BreakPane', ...place, agent: 'a', session, index: 9 },
      { type: 'SwapWindows', owner, first: pane, second },
      { type: 'KillPane', ...place },
      { type: 'KillWindow', ...place },
    ];
    for (const action of actions)
      expect({ type: action.type, ok: (await tmux.carryOut(action)).ok }).toEqual({ type: action.type, ok: false });
    expect(await tmux.look('web')).toEqual(before);
  }));

test('a signal reaches the process that was seen, and no later one of the same id', () =>
  withTmux(async (tmux) => {
    await create(tmux, 'a');
    // Of one that tmux has only just forked it is not told yet.
    const { pid, processStart: startTime = '' } = await tmux.pane(
      'web',
      'a',
      (pane) => pane.processStart !== undefined,
    );
    const other = { pid, startTime: `${Number(startTime) + 1}` };
    expect(await tmux.carryOut({ type: 'Signal', agent: 'a', signal: 'KILL', processes: [other] })).toEqual({
      ok: true,
    });
    expect((await tmux.pane('web', 'a')).dead).toBe(false);
    expect(
      await tmux.carryOut({ type: 'Signal', agent: 'a', signal: 'TERM', processes: [{ pid, startTime }] }),
    ).toEqual({ ok: true });
    await tmux.pane('web', 'a', ({ dead }) => dead);
    await tmux.carryOut({ type: 'WakeServer', server: tmux.server });
    await tmux.pane('web', 'a', ({ signal }) => signal === 15);
  }));
