import type { ObservedPane, PaneMark } from '../../api/observed.ts';

/** A pane that bears our mark. */
export type OwnPane = ObservedPane & { readonly mark: PaneMark };

/** What is so with an agent's run, judged from its pane and its process together. */
export type Life =
  | { readonly type: 'Running'; readonly pane: OwnPane }
  /** It ended, and how is known, or it is known that nobody knows. */
  | { readonly type: 'Ended'; readonly pane: OwnPane }
  /** Its terminal is gone, but the process lives on. */
  | { readonly type: 'Detached'; readonly pane: OwnPane }
  /** tmux and the process table disagree for the moment: look again before anything is concluded. */
  | { readonly type: 'Settling'; readonly pane: OwnPane }
  | { readonly type: 'Missing' };

/**
 * Of several panes of one agent (a person may have moved things about) the one that lives counts, then the one whose
 * mark is the latest.
 */
export function lifeOf(panes: readonly OwnPane[]): Life {
  const [pane] = [...panes].sort((a, b) => Number(a.dead) - Number(b.dead) || compare(b.mark.run, a.mark.run));
  return pane === undefined ? { type: 'Missing' } : judge(pane);
}

/*
 * A process ends in steps: its files are closed, then its terminal, then it is a zombie, then tmux collects it. tmux
 * may miss the last step (SIGCHLD is ignored while it runs its utmp helper, up to 3.5a): the pane is dead then, has
 * neither code nor signal, and the zombie stays.
 */
function judge(pane: OwnPane): Life {
  if (!pane.dead) {
    const gone = pane.process === 'Zombie' || pane.process === 'Gone';
    return gone ? { type: 'Settling', pane } : { type: 'Running', pane };
  }
  if (pane.exitCode !== undefined || pane.signal !== undefined) return { type: 'Ended', pane };
  switch (pane.process) {
    case 'Alive':
      return { type: 'Detached', pane };
    case 'Zombie':
    case 'Unknown':
      return { type: 'Settling', pane };
    case 'Gone':
      return { type: 'Ended', pane };
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
