import { describe, expect, test } from 'vitest';
import type { AgentReading } from '../../../controller/api/agent-reading.ts';
import type { DesiredAgent } from '../../../controller/api/desired.ts';
import type { AgentClassSpec, AgentStatus } from '../../../controller/api/generated/all.ts';
import type { AccountState } from '../../../controller/api/health.ts';
import { type HoldInput, holdOf, missedLogin } from '../../../controller/reconcile/project/holding.ts';

const AGENT = { name: 'dev', class: 'coder', argv: ['coder'], program: { command: ['coder'] } };

function hold(
  account: Partial<AccountState>,
  more: {
    program?: AgentClassSpec;
    argv?: string[];
    env?: DesiredAgent['env'];
    annotation?: string;
    previous?: Partial<AgentStatus>;
  } = {},
) {
  const annotations = more.annotation === undefined ? {} : { 'muxlet.dev/limits': more.annotation };
  const input = {
    desired: { type: 'Present', project: { annotations } },
    health: { accounts: [{ class: 'other' }, { class: 'coder', restarting: [], ...account }] },
  } as unknown as HoldInput;
  const { program = AGENT.program, argv = AGENT.argv, env = [] } = more;
  return holdOf(input, { ...AGENT, program, argv, env } as unknown as DesiredAgent, more.previous as AgentStatus);
}

const MISSING = { obstacle: { reason: 'ProgramMissing', message: '' } } as const;
const ENDED_AT_LIMIT = { run: 'r', lastExit: { run: 'r', kind: 'Limit' } } as AgentStatus;

describe('an agent is held', () => {
  test('[S118] while the login is lost', () => {
    expect(hold({ loginLostAt: 5 })?.obstacle.reason).toBe('AccountHeld');
  });

  test('[S117] by what was found of the program, unless it has one of its own', () => {
    expect(hold(MISSING)?.obstacle.reason).toBe('ProgramMissing');
    expect(hold(MISSING, { argv: ['./mine'] })).toBeUndefined();
  });

  test('[S117] for want of a login, unless its own variables bring one', () => {
    const noLogin = { obstacle: { reason: 'NotLoggedIn', message: '' } } as const;
    const program = { ...AGENT.program, auth: { check: ['coder', 'login'], env: ['CODER_KEY'] } };
    const reasonFor = (env: DesiredAgent['env']) => hold(noLogin, { program, env })?.obstacle.reason;
    expect(reasonFor([])).toBe('NotLoggedIn');
    expect(reasonFor([{ name: 'OTHER', value: 'k' }])).toBe('NotLoggedIn');
    expect(reasonFor([{ name: 'CODER_KEY', value: '' }]), 'set to nothing').toBe('NotLoggedIn');
    expect(reasonFor([{ name: 'CODER_KEY', value: 'k' }])).toBeUndefined();
    expect(reasonFor([{ name: 'CODER_KEY', fromFile: '/run/key' }])).toBeUndefined();
    const both = { obstacle: { reason: 'ProgramMissing', message: '' } } as const;
    expect(hold(both, { program, env: [{ name: 'CODER_KEY', value: 'k' }] })?.obstacle.reason).toBe('ProgramMissing');
  });

  test.each([
    ['resume', 'resume', undefined, true],
    ['own', 'own', undefined, false],
    ['the one of the project, not of the class', 'own', 'wait', true],
    ['the one of the class, if the project has no valid one', 'own', 'sometimes', false],
  ] as const)('[S127] [S129] at a limit, by its policy: %s', (_, policy, annotation, isHeld) => {
    const program = { ...AGENT.program, limits: { policy } };
    const found = hold({ limitedUntil: 99 }, { program, ...(annotation !== undefined && { annotation }) });
    expect(found?.until).toBe(isHeld ? 99 : undefined);
  });

  test('[S129] after a limit at which it ended, where a person is to say when it goes on', () => {
    const program = { ...AGENT.program, limits: { policy: 'wait' as const } };
    expect(hold({}, { program, previous: ENDED_AT_LIMIT })?.obstacle.reason).toBe('AccountHeld');
    expect(hold({}, { program, previous: ENDED_AT_LIMIT, annotation: 'resume' })).toBeUndefined();
    expect(hold({}, { program, previous: { run: 's', lastExit: ENDED_AT_LIMIT.lastExit } as AgentStatus })).toBe(
      undefined,
    );
  });

  test('by nothing else', () => {
    expect(hold({})).toBeUndefined();
  });
});

test('[S118] only who still shows the loss from before is started for the login that is back', () => {
  const account = { restoredAt: 100 } as AccountState;
  const reading = (state: string, at: number) => ({ state, at }) as AgentReading;
  expect(missedLogin(account, reading('NeedsAuth', 90), 200)).toBe(true);
  expect(missedLogin(account, reading('NeedsAuth', 110), 200)).toBe(false);
  expect(missedLogin(account, reading('Idle', 90), 200)).toBe(false);
  expect(missedLogin(account, reading('NeedsAuth', 3_600_000), 200), 'from before the clock was set back').toBe(true);
  expect(missedLogin({ ...account, loginLostAt: 105 }, reading('NeedsAuth', 90), 200)).toBe(false);
});
