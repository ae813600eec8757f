import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMarkedProcessEyes } from '../../controller/observe/marked-processes.ts';
import { processWorld } from './process-world.ts';

const UIDS = ['web', 'api', 'docs'];

/** Each names a process by its place among those that live, and a project by its number. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('start' as const), uid: fc.nat(2) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('fork' as const), of: fc.nat(20), leaves: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('execute' as const), uid: fc.nat(6) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('end' as const), of: fc.nat(20), waits: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('leave' as const), of: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('look' as const), uid: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.oneof(fc.nat(100), fc.nat(3000)) }) },
);

test('what is kept up shows of each project what there is', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 20, maxLength: 80 }),
      fc.integer({ min: 330, max: 400 }),
      async (steps, end) => {
        const world = processWorld(end);
        const { clock, processes } = world;
        const now = () => clock.now;
        const eyes = createMarkedProcessEyes(world.numbered, now, () => new Set());
        /** Of a process that has not executed its own program yet, by when it does. */
        const forked = new Map<number, number>();
        const look = async (uid: string): Promise<void> => {
          clock.now += 1;
          const seen = await eyes.look(uid, 0);
          const pids = seen.state === 'Known' ? seen.value.map(({ pid }) => pid) : [];
          expect(pids).toEqual(ownersIn(processes).get(uid) ?? []);
        };
        await eyes.all();
        for (const one of steps) {
          const pids = [...processes].flatMap(([pid, { stat }]) => (stat.zombie ? [] : [pid]));
          const pid = 'of' in one ? (pids[one.of % Math.max(1, pids.length)] ?? 0) : 0;
          switch (one.type) {
            case 'start':
              world.begin({ uid: UIDS[one.uid] ?? '' });
              break;
            case 'fork':
              if (pid > 0) forked.set(world.begin({ parent: pid, leads: one.leaves }), clock.now);
              break;
            case 'execute': {
              // A program with an environment of its own; of a project's, in a session of its own.
              const [child, at] = [...forked].at(-1) ?? [0, Number.NEGATIVE_INFINITY];
              if (clock.now - at >= 500) break;
              const uid = UIDS[one.uid];
              world.execute(child, uid);
              if (uid !== undefined) world.leave(child);
              break;
            }
            case 'end':
              if (one.waits) world.endUncollected(pid);
              else world.end(pid);
              break;
            case 'leave':
              world.leave(pid);
              break;
            case 'look':
              await look(UIDS[one.uid] ?? '');
              break;
            case 'wait':
              clock.now += one.ms;
              break;
          }
        }
        for (const uid of UIDS) await look(uid);
      },
    ),
    { numRuns: 150 },
  );
});

/** The rule, without anything remembered: its own mark, one above it, one in its session. */
function ownersIn(processes: ReturnType<typeof processWorld>['processes']): ReadonlyMap<string, readonly number[]> {
  const living = new Map([...processes].filter(([, { stat }]) => !stat.zombie));
  const owners = new Map<string, number[]>();
  for (const [pid, { stat }] of [...living].sort(([a], [b]) => a - b)) {
    let above: number | undefined = pid;
    while (above !== undefined && living.get(above)?.uid === undefined) above = living.get(above)?.stat.parent;
    const fellow = [...living.values()].find((other) => other.stat.session === stat.session && other.uid !== undefined);
    const uid = (above === undefined ? undefined : living.get(above)?.uid) ?? fellow?.uid;
    if (uid !== undefined) owners.set(uid, [...(owners.get(uid) ?? []), pid]);
  }
  return owners;
}
