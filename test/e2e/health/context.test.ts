import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { holds, projectYaml, until, withWorld } from '../support/world.ts';
import { standIn } from './stand-in.ts';

const POLICY = { context: { policy: 'compact', compact: '/compact', belowPercent: 10 } };

test('[S133] a context that is nearly full is compacted once, and the agent then briefed again, whenever the controller is killed', () =>
  withWorld(async (world) => {
    const coder = standIn(world, POLICY);
    const dev = { class: 'coder', role: 'developer' };
    world.spec('web.yaml', projectYaml('web', { dev, ops: { class: 'coder' } }, { goal: 'a shop', repo: world.work }));
    const first = await world.start();
    await world.ready('web');
    // Not while it works, and not to whom it does not concern.
    await coder.says('dev', { status: 'busy', left: 6 });
    await until('it is seen', () => world.agent('web', 'dev')?.context?.left === 6);
    await holds('work is not interrupted', 1000, () => coder.heard('dev').length === 0);
    await coder.says('dev', { status: 'idle', left: 6 });
    await until('it is told', () => coder.heard('dev').length === 1);
    await first.end('SIGKILL');
    expect(coder.heard('dev')).toEqual(['/compact']);
    const second = await world.start();
    await coder.says('dev', { status: 'busy', left: 6 });
    await holds('it is told once', 4000, () => coder.heard('dev').length === 1);
    await coder.says('dev', { status: 'idle', left: 80 });
    await until('it is briefed', () => coder.heard('dev').length === 2, 20_000);
    await second.end('SIGKILL');
    const [, path = ''] = /^\[msg \w+\] Read and carry out (\S+)$/.exec(coder.heard('dev')[1] ?? '') ?? [];
    const briefing = readFileSync(path, 'utf8');
    for (const part of ['your conversation was compacted', 'a shop', 'developer']) expect(briefing).toContain(part);
    await world.start();
    await until('that is over', () => world.agent('web', 'dev')?.context?.compaction === undefined, 20_000);
    await holds('it is briefed once', 1000, () => coder.heard('dev').length === 2);
    // The next time is another one; whoever has no briefing gets none.
    await coder.says('dev', { status: 'idle', left: 5 });
    await coder.says('ops', { status: 'idle', left: 5 });
    await until('each is told', () => coder.heard('dev')[2] === '/compact' && coder.heard('ops')[0] === '/compact');
    await until('there is no more', () => world.agent('web', 'ops')?.context?.compaction?.stage === 'Done', 20_000);
    expect(coder.heard('ops')).toEqual(['/compact']);
    const events = (await world.muxlet('events', '--for', 'project/web')).stdout;
    expect(events).toContain('ContextLow');
  }));
