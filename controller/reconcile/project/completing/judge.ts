/**
 * How far the rules of a project's completion are met, by what is seen now. Pure: the same look gives the same judgement,
 * whatever was judged before, but for what cannot be seen any more: who was at work in this attempt.
 */
import type { DesiredCompletion, DesiredRule } from '../../../api/completing.ts';
import type { ProjectInput } from '../../../api/decision.ts';
import type { CompletionStatus, RuleStatus } from '../../../api/generated/all.ts';
import type { AgentView } from '../agent-view.ts';
import { agentEvidence } from './agent-evidence.ts';
import { attemptStart } from './attempt-start.ts';
import { type Evidence, missing } from './evidence.ts';

export interface Judgement {
  /** Unknown: what could not be looked at may decide. */
  readonly verdict: 'Met' | 'NotMet' | 'Unknown';
  readonly status: CompletionStatus;
  /** The rules that are not met, with what each lacks. */
  readonly missing: string;
  /** What speaks for it, as far as it is known when that came about: a rule, an agent and a time each. */
  readonly signs: readonly string[];
  /** Milliseconds after which a rule may be met by itself. */
  readonly dueInMs: number | undefined;
}

/** Names of agents that a message lists. */
const LISTED = 5;
/** Of a list of what is missing, in characters. */
const MAX_MISSING = 1000;

export function judge(completion: DesiredCompletion, views: readonly AgentView[], input: ProjectInput): Judgement {
  const judged = completion.rules.map((rule) => ({ rule, ...ruleEvidence(rule, views, input) }));
  const needed = neededOf(completion);
  const met = judged.filter(({ evidence }) => evidence.status === 'True');
  const open = judged.filter(({ evidence }) => evidence.status === 'Unknown');
  const verdict = met.length >= needed ? 'Met' : met.length + open.length >= needed ? 'Unknown' : 'NotMet';
  const due = judged.flatMap(({ evidence }) => evidence.dueInMs ?? []);
  const lacking = judged
    .filter(({ evidence }) => evidence.status !== 'True')
    .map(({ rule, evidence }) => `${rule.name}: ${evidence.message}`)
    .join('; ');
  return {
    verdict,
    status: { met: verdict === 'Met', rules: judged.map((one) => ruleStatus(one, input)) },
    missing: lacking.length > MAX_MISSING ? `${lacking.slice(0, MAX_MISSING)} …` : lacking,
    signs: met.flatMap(({ signs }) => signs),
    dueInMs: due.length === 0 ? undefined : Math.min(...due),
  };
}

function neededOf({ require, quorum, rules }: DesiredCompletion): number {
  switch (require) {
    case 'All':
      return rules.length;
    case 'Any':
      return 1;
    case 'Quorum':
      return quorum;
  }
}

interface JudgedRule {
  readonly rule: DesiredRule;
  readonly evidence: Evidence;
  /** The agents at whom it is met. */
  readonly at: readonly string[];
  readonly signs: readonly string[];
}

function ruleEvidence(rule: DesiredRule, views: readonly AgentView[], input: ProjectInput): Omit<JudgedRule, 'rule'> {
  const since = attemptStart(input);
  const each = rule.agents.map((name) => {
    const view = views.find((one) => one.name === name);
    if (since === undefined) return { name, evidence: missing('has not begun') };
    if (view?.desired === undefined) return { name, evidence: missing('is no agent of the project') };
    return { name, evidence: agentEvidence({ rule, view, input, since }) };
  });
  const of = (status: Evidence['status']) => each.filter(({ evidence }) => evidence.status === status);
  const [yes, no, open] = [of('True'), of('False'), of('Unknown')];
  const at = yes.map(({ name }) => name);
  const signs = yes.flatMap(({ name, evidence: { at: time } }) =>
    time === undefined ? [] : [`${rule.name} ${name} ${time}`],
  );
  const due = each.flatMap(({ evidence }) => evidence.dueInMs ?? []);
  const status = rule.of === 'All' ? worst(no.length, open.length) : best(yes.length, open.length);
  const telling = status === 'True' ? yes : status === 'False' ? no : open;
  return {
    at,
    signs,
    evidence: { status, message: told(telling), ...(due.length > 0 && { dueInMs: Math.min(...due) }) },
  };
}

function worst(no: number, open: number): Evidence['status'] {
  return no > 0 ? 'False' : open > 0 ? 'Unknown' : 'True';
}

function best(yes: number, open: number): Evidence['status'] {
  return yes > 0 ? 'True' : open > 0 ? 'Unknown' : 'False';
}

function told(each: readonly { readonly name: string; readonly evidence: Evidence }[]): string {
  const named = each.slice(0, LISTED).map(({ name, evidence }) => `${name}: ${evidence.message}`);
  const others = each.length - named.length;
  return [...named, ...(others > 0 ? [`and ${others} more`] : [])].join(', ');
}

function ruleStatus({ rule, evidence, at }: JudgedRule, { previous, now }: ProjectInput): RuleStatus {
  const { status, message } = evidence;
  const before = previous?.completion?.rules.find(({ name }) => name === rule.name);
  const since = before?.status === status ? before.since : new Date(now).toISOString();
  return {
    name: rule.name,
    status,
    message,
    ...(rule.agents.length > 1 && { agents: [...at] }),
    ...(since !== undefined && { since }),
  };
}
