import { describe, expect, test } from 'vitest';
import { agentUid } from '../../../controller/api/metadata.ts';
import type { PaneOutput } from '../../../controller/api/observed.ts';
import type { OutputLine } from '../../../controller/runtime/output/agent-output.ts';
import { createOutputKeeper, type PrintingPane } from '../../../controller/runtime/output/output-keeper.ts';
import { createFakeClock } from '../../queue/fake-clock.ts';

const DEV = agentUid('u', 'dev');

/** A world of panes, each with what stands in it. */
function createWorld() {
  const clock = createFakeClock();
  const panes = new Map<string, PaneOutput>();
  const files = new Map<string, OutputLine[]>();
  const asked: string[] = [];
  const world = { writes: true };
  const keeper = createOutputKeeper({
    clock,
    capture: async ({ id }) => {
      asked.push(id);
      return panes.get(id);
    },
    redact: async (_mark, lines) => lines.map((line) => line.replace('hunter2', '***')),
    log: {
      append(own, lines) {
        if (world.writes) files.set(own, [...(files.get(own) ?? []), ...lines]);
        return world.writes;
      },
      read: (own) => files.get(own) ?? [],
    },
    onError: (error) => {
      throw error;
    },
  });
  function show(id: string, run: string, settled: readonly string[], screen: readonly string[]): void {
    const mark = { uid: 'u', project: 'web', agent: 'dev', hash: 'h', run };
    const windowActivity = Math.floor(clock.now() / 1000);
    const historyRows = settled.length;
    const facts = { dead: false, fullScreen: false, windowActivity, historyRows, earlierRows: 0 };
    panes.set(id, { mark, ...facts, settled, screen });
  }
  /** By what is listed of it: as of tmux's lists, one that says the same is the same value. */
  const listed = new Map<string, PrintingPane>();
  function look(): void {
    keeper.seen(
      [...panes].map(([id, { mark, dead, windowActivity }]): PrintingPane => {
        const pane = { server: 'main', id, dead, windowActivity, mark };
        const known = listed.get(JSON.stringify(pane)) ?? pane;
        listed.set(JSON.stringify(pane), known);
        return known;
      }),
    );
  }
  /** Lets the time pass, and what is under way come to its end. */
  async function pass(ms: number): Promise<void> {
    for (let step = 0; step < ms; step += 50) {
      clock.advance(50);
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    }
  }
  const saved = (): string[] => (files.get(DEV) ?? []).map(({ run, text }) => `${run} ${text}`);
  return { keeper, panes, asked, world, show, look, pass, saved };
}

describe('what an agent prints', () => {
  test('is saved as it scrolls out, without secrets, and a pane at rest is left alone', async () => {
    const { asked, show, look, pass, saved } = createWorld();
    show('%1', 'r1', ['a', 'my hunter2'], ['b']);
    look();
    await pass(100);
    expect(saved()).toEqual(['r1 a', 'r1 my ***']);
    for (let round = 0; round < 5; round += 1) {
      look();
      await pass(5000);
    }
    // Once more only, since its last output was in the second of the first look.
    expect(asked.length).toBeLessThanOrEqual(2);
  });

  test('is looked at in at most 20 panes a second, and in one pane every 5 s', async () => {
    const { asked, panes, show, look, pass } = createWorld();
    for (let id = 0; id < 100; id += 1) show(`%${id}`, 'r1', [], ['x']);
    look();
    await pass(1000);
    expect(asked.length).toBeLessThanOrEqual(20);
    panes.clear();
    await pass(6000);
    asked.length = 0;
    for (let second = 0; second < 20; second += 1) {
      show('%1', 'r1', [], [`${second}`]);
      look();
      await pass(1000);
    }
    expect(asked.length).toBeGreaterThanOrEqual(2);
    expect(asked.length).toBeLessThanOrEqual(5);
  });

  test('is saved whole before its pane is given to the next run', async () => {
    const { keeper, show, look, pass, saved } = createWorld();
    show('%1', 'r1', ['a'], ['b', 'c']);
    keeper.lastLook({ server: 'main', id: '%1' });
    await pass(50);
    show('%1', 'r2', [], ['d']);
    look();
    await pass(100);
    keeper.lastLook({ server: 'main', id: '%1' });
    await pass(50);
    expect(saved()).toEqual(['r1 a', 'r1 b', 'r1 c', 'r2 d']);
  });

  test('is not asked for again where it was seen when its run had ended', async () => {
    const { keeper, panes, asked, show, look, pass, saved } = createWorld();
    show('%1', 'r1', ['a'], ['b', 'c']);
    const seen = panes.get('%1') as PaneOutput;
    let resolve: () => void = () => undefined;
    const promise = new Promise<void>((done) => (resolve = done));
    keeper.lastLook(
      { server: 'main', id: '%1' },
      promise.then(() => seen),
    );
    show('%1', 'r2', ['d'], []);
    look();
    await pass(100);
    expect([asked, saved()]).toEqual([['%1'], []]);
    resolve();
    await pass(50);
    expect([asked, saved()]).toEqual([['%1'], ['r1 a', 'r1 b', 'r1 c', 'r2 d']]);
  });

  test('is saved as it was last seen, if its pane is gone unannounced', async () => {
    const { panes, show, look, pass, saved } = createWorld();
    show('%1', 'r1', ['a'], ['b', 'c']);
    look();
    await pass(100);
    panes.clear();
    look();
    expect(saved()).toEqual(['r1 a', 'r1 b', 'r1 c']);
  });

  test('is saved once the disk takes it, if its pane is gone and nothing else changes', async () => {
    const { world, panes, show, look, pass, saved } = createWorld();
    show('%1', 'r1', ['a'], ['b', 'c']);
    look();
    await pass(100);
    world.writes = false;
    panes.clear();
    look();
    world.writes = true;
    look();
    expect(saved()).toEqual(['r1 a', 'r1 b', 'r1 c']);
  });

  test('is saved once the disk takes it', async () => {
    const { world, show, look, pass, saved } = createWorld();
    world.writes = false;
    show('%1', 'r1', ['a', 'b'], []);
    look();
    await pass(100);
    expect(saved()).toEqual([]);
    world.writes = true;
    look();
    await pass(100);
    expect(saved()).toEqual(['r1 a', 'r1 b']);
  });

  test('is not saved after its project was removed', async () => {
    const { keeper, show, look, pass, saved } = createWorld();
    show('%1', 'r1', ['a'], ['b']);
    look();
    keeper.forget([DEV]);
    await pass(100);
    keeper.lastLook({ server: 'main', id: '%1' });
    await pass(50);
    expect(saved()).toEqual([]);
  });
});
