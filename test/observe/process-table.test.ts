import { describe, expect, test } from 'vitest';
import { readMark } from '../../controller/observe/process-table.ts';

describe('the marks in an environment', () => {
  test('are read among other variables', () => {
    const read = readMark(['PATH=/bin', 'MUXLET_UID=u', 'MUXLET_AGENT=dev', 'MUXLET_RUN=1-a', '']);
    expect(read).toEqual({ type: 'Marked', uid: 'u', agent: 'dev', run: '1-a' });
  });

  test('are missing where the environment holds variables, but not ours', () => {
    expect(readMark(['PATH=/bin', 'TMUX_PANE=%1', ''])).toEqual({ type: 'Unmarked' });
  });

  test.each([[['']], [['postgres: idle', '', '']]])('are not known where it holds none at all: %j', (variables) => {
    expect(readMark(variables)).toEqual({ type: 'Unreadable' });
  });
});
