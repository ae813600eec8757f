/** Where a person moves all windows of a project away, so that its session ends. */
import { expect, test } from 'vitest';
import { simulate } from './simulate.ts';
import { agent, edit, person, wait } from './steps.ts';

/** Of three agents, all windows are moved to a person's session, whose own window may be closed then. */
const moved = [
  edit('red', agent('stay'), agent('stay', { name: 'b' }), agent('stay', { name: 'c' })),
  wait(600),
  person('NewSession', 0, 0),
  person('MoveAllWindows', 0, 3),
] as const;

/** What happens to the first actions; the rest goes well. */
const fates = (['Done', 'Fails', 'Lost', 'CrashBefore', 'CrashAfter'] as const).flatMap((fate) =>
  [0, 1, 2, 3, 4].map((nth) => ({ type: 'Fates' as const, fates: [...Array<'Done'>(nth).fill('Done'), fate] })),
);

test.each(fates)(
  'agents whose session ended with the moving of all windows come home, none anew: $fates',
  async (fate) => {
    for (const closed of [[], [person('KillWindow', 0)]]) {
      for (const then of [[], [wait(430), { type: 'Crash', downMs: 5, deleteState: true } as const]]) {
        const { violations, log } = await simulate({
          seed: 0,
          steps: [...moved, ...closed, fate, ...then, wait(2000)],
        });
        expect(violations).toEqual([]);
        expect(log.filter((line) => line.includes('create session'))).toHaveLength(1);
        expect(log.filter((line) => / start |create window|create pane/.test(line))).toEqual([]);
      }
    }
  },
);

test('a project that is removed while its windows come home leaves nothing behind', async () => {
  for (let ms = 400; ms < 460; ms += 3) {
    expect((await simulate({ seed: 0, steps: [...moved, wait(ms), edit('red')] })).violations).toEqual([]);
  }
});
