import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLaunchCheck } from '../../../controller/observe/launch-check.ts';
import { agent } from '../../contract/support/agents.ts';
import { createFakeClock } from '../../queue/fake-clock.ts';

test('a directory that was there is taken to be there for a moment, one that is missing never to be missing still', async () => {
  const root = mkdtempSync(join(tmpdir(), 'muxlet-test-'));
  try {
    const clock = createFakeClock();
    const workingDir = join(root, 'work');
    const agents = ['a', 'b'].map((name) => agent(name, undefined, { workingDir }));
    const find = createLaunchCheck({
      env: {},
      home: root,
      agents: join(root, 'agents'),
      further: async () => [],
      after: clock.after,
      now: clock.now,
    });
    const missing = [
      expect.objectContaining({ agent: 'a', reason: 'WorkingDirMissing' }),
      expect.objectContaining({ agent: 'b', reason: 'WorkingDirMissing' }),
    ];
    expect(await find(agents)).toEqual(missing);
    mkdirSync(workingDir);
    expect(await find(agents)).toEqual([]);
    rmdirSync(workingDir);
    clock.advance(50);
    expect(await find(agents)).toEqual([]);
    clock.advance(1);
    expect(await find(agents)).toEqual(missing);
  } finally {
    rmSync(root, { recursive: true });
  }
});
