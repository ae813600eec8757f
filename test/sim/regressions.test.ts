/** Counterexamples that were found once, each as short as it could be made. */
import { expect, test } from 'vitest';
import type { Completion } from '../../controller/api/generated/all.ts';
import type { Schedule } from './schedule.ts';
import { QUEUE } from './sim-queue.ts';
import { simulate } from './simulate.ts';
import { agent, edit, model, person, queue, queued, wait } from './steps.ts';

const REPORTED: Completion = { rules: [{ report: {} }] };

const found: readonly (readonly [string, Schedule['steps']])[] = [
  [
    'a look from before the clock was set back is not taken for a later one',
    [edit('red', agent('stay')), { type: 'Clock', byMs: -3_600_000 }],
  ],
  [
    'children of a run that ended long before the next one began are ended',
    [edit('red', agent('parent')), wait(151), person('CloseTerminal'), wait(259), person('RespawnPane')],
  ],
  [
    'children of a run that came and went between two looks are ended',
    [
      edit('red', agent('stay', { name: 'b' }), agent('parent')),
      { type: 'Hints', lost: true },
      wait(155),
      person('KillPane', 1),
    ],
  ],
  [
    'a pane in the window of another project, for an agent of the same name, is brought back',
    [
      edit('red', agent('stay')),
      edit('green', agent('stay'), agent('stay', { name: 'b' })),
      wait(170),
      person('JoinPane', 1, 0),
    ],
  ],
  [
    "a person's program in our pane is not ended along with the project",
    [edit('red', agent('stay')), wait(600), person('RespawnPane'), edit('red')],
  ],
  [
    'what is wanted is read after the look, which may have taken long',
    [
      edit('red', agent('stay')),
      wait(600),
      person('KillWindow'),
      edit('red'),
      { type: 'ServerSilent', ms: 597 },
      wait(600),
      edit('red', agent('stay')),
    ],
  ],
  [
    'what an agent that is not started again left behind is ended all the same',
    [edit('red', agent('parent', { policy: 'Never' })), wait(600), { type: 'Kill', which: 0, exitCode: 0 }],
  ],
  [
    'a run that lost its terminal and has no successor is ended',
    [edit('red', agent('stubborn', { policy: 'Never' })), wait(151), person('RespawnPane')],
  ],
  [
    'a run whose session was ended, and that is not started again, is ended',
    [edit('red', agent('stubborn', { policy: 'Never' })), wait(169), person('KillSession')],
  ],
  [
    'a run that outlived the tmux server, and is not started again, is ended',
    [edit('red', agent('stubborn', { policy: 'Never' })), wait(600), { type: 'LoseServer' }],
  ],
  [
    'what nobody has on record any more is left alone, once its spec has gone as well',
    [edit('red', agent('stay')), wait(600), edit('red'), { type: 'Crash', downMs: 0, deleteState: true }],
  ],
  [
    "a pane of ours that a person's program has left is removed along with the project",
    [edit('red', agent('stay')), wait(600), person('RespawnPane'), wait(9), edit('red'), person('CloseTerminal')],
  ],
  [
    'a session that is made anew again and again does not wait for a clock that was set back',
    [
      edit('red', agent('stay')),
      { type: 'Fates', fates: ['Fails', 'Done'] },
      wait(158),
      person('KillSession'),
      { type: 'Clock', byMs: -3_600_000 },
    ],
  ],
  [
    'children of a run that cannot be followed by another one are ended',
    [edit('red', agent('parent')), wait(531), person('KillSession'), person('NewSession', 0, 2)],
  ],
  [
    'an agent that ends again and again in a session that is not ours any more is left there',
    [
      edit('red', agent('stay'), agent('done', { name: 'b' })),
      edit('green', agent('stay')),
      { type: 'Hints', lost: true },
      wait(2702),
      edit('green'),
      person('SwapWindows', 2, 1),
    ],
  ],
  [
    'children of a run that ended soon after a look that they were not in yet are ended',
    [
      edit('red', agent('stay'), model({ name: 'b', program: 'parent', policy: 'Never' })),
      wait(376),
      { type: 'Kill', which: 1, signal: 15 },
    ],
  ],
  [
    'a clock that is set forward keeps nobody waiting for what waits for long',
    [
      edit('red', model()),
      edit('green', agent('parent')),
      wait(600),
      edit('green'),
      { type: 'Clock', byMs: 3_600_000 },
    ],
  ],
  [
    'a login that is lost while the controller is down is not taken for one that came back',
    [
      edit('red', model()),
      { type: 'LoseLogin', isSeenByCheck: false },
      { type: 'Fates', fates: ['CrashAfter'] },
      wait(600),
    ],
  ],
  [
    'a login from before the loss is not taken for one after it',
    [
      edit('red', model()),
      wait(600),
      person('KillSession'),
      { type: 'LogIn' },
      wait(1),
      { type: 'LoseLogin', isSeenByCheck: false },
    ],
  ],
  [
    'a login that is back within the same millisecond is back',
    [edit('red', model()), wait(600), { type: 'LoseLogin', isSeenByCheck: true }, { type: 'LogIn' }],
  ],
  [
    'agents that show a loss from before the clock was set back go on once the login is back',
    [
      edit('red', model()),
      wait(600),
      { type: 'Clock', byMs: -3_600_000 },
      { type: 'LoseLogin', isSeenByCheck: false },
      wait(600),
      { type: 'LogIn' },
    ],
  ],
  [
    'all agents of an account go on once its login is back',
    [
      edit('red', model(), model({ name: 'b' })),
      edit('green', model()),
      wait(600),
      { type: 'LoseLogin', isSeenByCheck: false },
      wait(600),
      { type: 'LogIn' },
    ],
  ],
  [
    'an agent that hangs is started anew',
    [edit('red', model(), model({ name: 'b' })), wait(600), { type: 'Hang', which: 1 }],
  ],
  [
    "somebody else's session of the project's name may be another project's",
    [
      edit('green', agent('stay')),
      wait(600),
      person('RenameSession', 0, 4),
      person('NewSession', 0, 3),
      edit('red', agent('stay')),
    ],
  ],
  [
    'a session that has nothing but a window of another project is found all the same',
    [
      edit('red', agent('stay')),
      edit('green', agent('stay', { name: 'b' }), agent('stay')),
      wait(600),
      person('SwapWindows', 1, 0),
      person('RenameSession', 0, 1),
    ],
  ],
  [
    'projects whose only windows changed places are both brought back',
    [edit('red', agent('stay')), edit('green', agent('stay')), wait(600), person('SwapWindows', 0, 1)],
  ],
  [
    "agents that are gathered in a window of a person's session, which has no other, are brought back",
    [
      edit('red', agent('stay'), agent('stay', { name: 'b' })),
      wait(600),
      person('NewSession', 0, 0),
      person('JoinPane', 0, 2),
      person('JoinPane', 0, 1),
      person('KillPane', 0, 0),
    ],
  ],
  [
    'a child of a run that is over, being ended when the project is to begin anew, takes no slot beyond the limit',
    [
      queue({ maxRunning: 1 }),
      queued('red', agent('parent', { policy: 'OnFailure' })),
      queued('green', agent('stay')),
      wait(600),
      { type: 'Kill', which: 0, exitCode: 0 },
      queued('red', agent('stubborn', { name: 'b', version: 2 }), agent('stay', { version: 1, policy: 'Never' })),
    ],
  ],
  [
    'agents of a project whose rules were met while they ran keep its slot until they have ended',
    [
      queue({ maxRunning: 1 }),
      { ...queued('green', agent('slow', { policy: 'OnFailure' })), course: { queue: QUEUE, completion: REPORTED } },
      queued('red', model()),
      wait(600),
      { type: 'Report', which: 0 },
    ],
  ],
  [
    'an agent that is taken out of a project that waits gives it no slot while it is looked for',
    [
      queue({ maxRunning: 1 }),
      queued('red', agent('stay')),
      queued('green', agent('stay')),
      wait(150),
      queued('green', agent('stay', { name: 'c' })),
    ],
  ],
  [
    'a slot does not go back while nobody is sure that its project is gone, and something of it lives',
    [
      queue({}),
      queued('red', agent('done', { policy: 'OnFailure' })),
      queued('green', agent('slow', { policy: 'OnFailure' })),
      wait(171),
      { type: 'LoseServer' },
      edit('green'),
    ],
  ],
  [
    'what has failed, and is begun anew while its last run outlives its terminal, may be a Zombie',
    [
      edit('red', agent('stay', { policy: 'OnFailure' })),
      edit('red', agent('stubborn', { policy: 'Never' })),
      wait(600),
      { type: 'LoseLogin', isSeenByCheck: false },
      edit('red', model({ policy: 'OnFailure' })),
      { type: 'LoseServer' },
    ],
  ],
  [
    'after a reboot all that should run is resumed once, the queue as full as before',
    [
      queue({ maxRunning: 1 }),
      queued('red', agent('stay'), agent('stay', { name: 'b' })),
      queued('green', agent('stay')),
      edit('blue', agent('stay')),
      wait(600),
      { type: 'Reboot', downMs: 60_000 },
    ],
  ],
];

test.each(found)('%s', async (_title, steps) => {
  for (const seed of [0, 1, 2]) expect((await simulate({ seed, steps })).violations).toEqual([]);
});
