import { describe, expect, test } from 'vitest';
import type { AgentClassStatus } from '../../../controller/api/generated/all.ts';
import { type ClassState, classConditions, conditionOf } from '../../../controller/reconcile/agentclass/conditions.ts';
import { classInput, iso, look, NOW } from './class-world.ts';

function conditions(state: Partial<ClassState> = {}): AgentClassStatus {
  const found = classConditions({ ...classInput(), login: undefined, limit: undefined, ...state });
  return { observedGeneration: 1, agents: 1, conditions: found };
}

function reasons(state: Partial<ClassState> = {}): Record<string, string> {
  return Object.fromEntries(
    conditions(state).conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`]),
  );
}

const WELL = {
  Accepted: 'True Accepted',
  ProgramFound: 'True ProgramFound',
  VersionSeen: 'True VersionSeen',
  Authenticated: 'True LoggedIn',
  WithinLimits: 'True WithinLimits',
};

describe('[S117] what is so of a class', () => {
  test('all is well', () => {
    expect(reasons()).toEqual(WELL);
  });

  test('all that is wrong is said at once, with what to do', () => {
    const program = { type: 'Missing', name: 'coder', path: '/bin' } as const;
    const login = { type: 'Failed', message: 'no token' } as const;
    const version = { type: 'Known', text: '3.0.0' } as const;
    const state = {
      look: look({ program, login, version }),
      spec: { ...classInput().spec, limits: { resets: ['('] } },
      limit: { until: iso(NOW + 1000), waits: 0 },
    };
    expect(reasons(state)).toEqual({
      Accepted: 'False PatternInvalid',
      ProgramFound: 'False ProgramMissing',
      VersionSeen: 'False VersionNotSeen',
      Authenticated: 'False NotLoggedIn',
      WithinLimits: 'False UsageLimit',
    });
    const { conditions: said } = conditions(state);
    expect(said.map(({ message }) => message).join('\n')).toMatch(
      /limits\.resets\[0\][\s\S]*\/bin[\s\S]*3\.0\.0[\s\S]*run: coder login/,
    );
  });

  test.each<[string, Partial<ClassState>, string, string]>([
    [
      'a version of before a release',
      { look: look({ version: { type: 'Known', text: '2.2.0-beta.1' } }) },
      'VersionSeen',
      'True VersionSeen',
    ],
    [
      'a version that could not be asked',
      { look: look({ version: { type: 'Unknown', message: 'timed out' } }) },
      'VersionSeen',
      'Unknown CheckFailed',
    ],
    ['a class that names no versions', { spec: {} }, 'VersionSeen', 'Unknown NotChecked'],
    [
      'a class that names no program',
      { look: look({ program: { type: 'NotAsked' } }) },
      'ProgramFound',
      'Unknown NotChecked',
    ],
    [
      'a login that could not be asked',
      { look: look({ login: { type: 'Unknown', message: 'timed out' } }) },
      'Authenticated',
      'Unknown CheckFailed',
    ],
    [
      'a login that was lost, whatever the check says',
      { login: { lostAt: iso(NOW) } },
      'Authenticated',
      'False LoginLost',
    ],
    ['no agent that says anything', { members: [] }, 'WithinLimits', 'Unknown NotChecked'],
    ['no look yet', { look: undefined }, 'ProgramFound', 'Unknown NotChecked'],
  ])('%s', (_, state, type, wanted) => {
    expect(reasons(state)[type]).toBe(wanted);
  });

  test('while it is looked at anew, what was found before counts', () => {
    const previous = conditions({ look: look({ login: { type: 'Failed', message: 'no token' } }) });
    expect(reasons({ previous, look: undefined })).toMatchObject({ Authenticated: 'False NotLoggedIn' });
    // Not to know is no news, either.
    const unsure = look({ login: { type: 'Unknown', message: 'timed out' } });
    expect(reasons({ previous, look: unsure })).toMatchObject({ Authenticated: 'False NotLoggedIn' });
    const lost = conditions({ login: { lostAt: iso(NOW) } });
    expect(reasons({ previous: lost, look: undefined })).toMatchObject({ Authenticated: 'Unknown NotChecked' });
  });

  test('the time since when stays where the status stayed', () => {
    const previous = conditions({ now: NOW - 60_000 });
    const lost = conditions({ previous, login: { lostAt: iso(NOW) } });
    expect(conditionOf(lost, 'ProgramFound')?.lastTransitionTime).toBe(iso(NOW - 60_000));
    expect(conditionOf(lost, 'Authenticated')?.lastTransitionTime).toBe(iso(NOW));
  });
});
