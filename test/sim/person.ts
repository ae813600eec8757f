/** What a person does to tmux: anything at all, to anything. */
import { type Machine, places, type SimSession, startServer } from './machine.ts';
import { hangUp, isAlive } from './processes.ts';
import type { Deed } from './schedule.ts';
import { PROJECTS } from './schedule.ts';
import * as tmux from './tmux-verbs.ts';

export function doDeed(machine: Machine, deed: Deed, which: number, other: number): void {
  if (!machine.up && deed !== 'NewSession') return;
  const all = places(machine);
  const place = all[which % Math.max(1, all.length)];
  const second = all[other % Math.max(1, all.length)];
  if (deed === 'NewSession') {
    startServer(machine);
    const names = ['mine', 'also-mine', ...PROJECTS];
    const session = tmux.newSession(machine, names[other % names.length] ?? 'mine', false);
    if (session !== undefined) tmux.newWindow(machine, session, { name: 'sh', index: which % 3 });
    return;
  }
  if (place === undefined || second === undefined) return;
  const { session, window, pane } = place;
  const name = ['x', 'y', 'a', 'b', ...PROJECTS][other % 7] ?? 'x';
  switch (deed) {
    case 'NewWindow':
      tmux.newWindow(machine, session, { name: 'sh', index: tmux.freeIndex(session) });
      return;
    case 'SplitWindow':
      tmux.newPane(machine, window, {});
      return;
    case 'KillPane':
      tmux.killPane(machine, place);
      return;
    case 'KillWindow':
      tmux.killWindow(machine, window);
      return;
    case 'KillSession':
      tmux.killSession(machine, session);
      return;
    case 'RenameSession':
      if (tmux.byName(machine, name) === undefined) session.name = name;
      machine.onStructure();
      return;
    case 'RenameWindow':
      window.name = name;
      machine.onStructure();
      return;
    case 'MoveWindow':
      tmux.moveWindow(machine, place, second.session, tmux.freeIndex(second.session));
      return;
    case 'MoveAllWindows':
      if (session === second.session) return;
      for (const one of new Map(all.map((candidate) => [candidate.window, candidate])).values()) {
        if (one.session === session) tmux.moveWindow(machine, one, second.session, tmux.freeIndex(second.session));
      }
      return;
    case 'SwapWindows':
      tmux.swapWindows(place, second);
      return;
    case 'BreakPane': {
      const to: SimSession = other % 2 === 0 ? session : second.session;
      tmux.breakPane(machine, place, to, { index: tmux.freeIndex(to), name: 'sh' });
      return;
    }
    case 'JoinPane':
      tmux.joinPane(machine, place, second.window);
      return;
    case 'RespawnPane':
      hangUp(machine, pane.pid);
      tmux.fill(machine, pane, {});
      return;
    case 'CloseTerminal': {
      const process = machine.processes.get(pane.pid);
      if (process !== undefined && isAlive(machine, process)) pane.dead = true;
      return;
    }
  }
}
