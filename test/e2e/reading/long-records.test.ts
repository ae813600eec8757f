import { appendFileSync, existsSync, statSync } from 'node:fs';
import { test } from 'vitest';
import { until, withWorld } from '../support/world.ts';
import { standIns } from './support.ts';

const MIB = 1024 * 1024;

test('hook records that have become long are put aside while the agent runs, and what they say stays known', () =>
  withWorld(async (world) => {
    const running = await world.start();
    const [dev] = standIns(world, ['dev']);
    dev?.does({ screen: ['', '> '] });
    await dev?.shown({ state: 'Idle' });
    const path = dev?.hooks() ?? '';
    dev?.does({ hook: { path, event: 'Prompt', prompt: 'build it', session_id: 'one' } });
    await dev?.shown({ state: 'Busy', evidence: 'hook', conversation: 'one' });
    await running.end();
    appendFileSync(path, `\u001e${Date.now()} {"event":"Note","text":"${'x'.repeat(2 * MIB)}"}\n`.repeat(9));
    dev?.does({ hook: { path, event: 'Stop', tasks: [] } });
    const size = statSync(path).size;
    await until('it was said', () => statSync(path).size > size);
    await world.start();
    await until('it is put aside', () => existsSync(`${path}.old`));
    await dev?.shown({ state: 'Idle', rule: 'stop', restarts: 0 });
    dev?.does({ hook: { path, event: 'Prompt', prompt: 'again', session_id: 'one' } });
    await dev?.shown({ state: 'Busy', rule: 'prompt', restarts: 0 });
    await until('the file begins anew', () => statSync(path).size < MIB && statSync(`${path}.old`).size > 16 * MIB);
  }));
