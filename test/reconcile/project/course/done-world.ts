/** What agents of the small world say and show of finished work, and what a finisher says of a round. */
import type { DesiredCompletion, DesiredRule, DesiredSign, SignSeen } from '../../../../controller/api/completing.ts';
import type { DesiredVerification, FinishLook } from '../../../../controller/api/finishing.ts';
import type { AgentReport } from '../../../../controller/api/generated/all.ts';
import type { CommitFact, GitFacts } from '../../../../controller/api/workspace.ts';
import { type Name, NOW, type SmallWorld } from './small-world.ts';

export const VERIFICATION: DesiredVerification = {
  commands: [{ argv: ['make', 'test'], timeoutMs: 60_000 }],
  rounds: 2,
};

export const REPORT: DesiredSign = { type: 'Report' };

export function rule(sign: DesiredSign, changes: Partial<DesiredRule> = {}): DesiredRule {
  return { name: sign.type.toLowerCase(), agents: ['a', 'b'], of: 'All', sign, ...changes };
}

export function rules(...all: readonly DesiredRule[]): DesiredCompletion {
  return { require: 'All', quorum: all.length, rules: all };
}

export function runOf(world: SmallWorld, name: Name): string {
  return [...world.panes.values()].find(({ mark }) => mark?.agent === name)?.mark?.run ?? '';
}

type Changes = { readonly [Field in keyof AgentReport]?: AgentReport[Field] | undefined };

/** What it said last, as the controller takes it in. */
export function says(world: SmallWorld, name: Name, changes: Changes = {}): void {
  const at = new Date(world.now).toISOString();
  const report = { type: 'done', at, run: runOf(world, name), doneAt: at, ...changes } as AgentReport;
  world.seen = { ...world.seen, reports: new Map([...(world.seen.reports ?? []), [name, report]]) };
}

export function commits(world: SmallWorld, name: Name, ...facts: readonly Partial<CommitFact>[]): void {
  const all = facts.map((fact): CommitFact => ({ hash: 'c0ffee00', at: world.now, message: 'work', ...fact }));
  const value: GitFacts = { status: { head: `${name}${facts.length}-${all[0]?.at ?? NOW}` }, commits: all };
  world.seen = {
    ...world.seen,
    git: new Map([...(world.seen.git ?? []), [name, { state: 'Known', at: world.now, value }]]),
  };
}

export function shows(world: SmallWorld, ofRule: string, name: Name, value: SignSeen): void {
  const known = world.seen.signs?.get(ofRule) ?? [];
  const looks = new Map([...known, [name, { state: 'Known', at: world.now, value } as const]]);
  world.seen = { ...world.seen, signs: new Map([...(world.seen.signs ?? []), [ofRule, looks]]) };
}

/** What the finisher says of the round that was asked for last. */
export function finishes(world: SmallWorld, state: FinishLook['state'], changes: Partial<FinishLook> = {}): void {
  const { attempt = 1, round = 1 } = world.requests.at(-1) ?? {};
  world.seen = { ...world.seen, finish: { attempt, round, state, ...changes } };
}
