import { describe, expect, it } from 'vitest';
import type { ListedPane } from '../../controller/observe/pane-format.ts';
import { createPaneProcesses } from '../../controller/observe/pane-processes.ts';
import type { ProcessStat, ProcessTable } from '../../controller/observe/process-table.ts';

const STAT: ProcessStat = { pid: 7, parent: 1, session: 7, zombie: false, startTime: '100', name: 'agent' };
const PANE = {
  server: 'muxlet',
  id: '%1',
  pid: 7,
  dead: true,
  mark: { uid: 'u', project: 'web', agent: 'dev', hash: 'h', run: '1-a' },
} as unknown as ListedPane;

function look(stat: ProcessStat, mark: ReturnType<ProcessTable['mark']>) {
  return createPaneProcesses({ stat: () => stat, mark: () => mark, all: async () => [] }, () => 0).look(PANE).process;
}

describe('the process of a dead pane without a status', () => {
  it('is not gone while it is ending: tmux will know how it ended', () => {
    expect(look({ ...STAT, exiting: true }, { type: 'Unreadable' })).toBe('Zombie');
  });

  it('is gone where its number is a process that is not the run', () => {
    expect(look(STAT, { type: 'Unmarked' })).toBe('Gone');
    expect(look(STAT, { type: 'Unreadable' })).toBe('Gone');
  });

  it('lives on where it has let go of its terminal alone', () => {
    expect(look(STAT, { type: 'Marked', uid: 'u', agent: 'dev', run: '1-a' })).toBe('Alive');
  });
});
