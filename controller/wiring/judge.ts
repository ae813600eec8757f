import { mkdir } from 'node:fs/promises';
import type { DesiredSign, SignSeen } from '../api/completing.ts';
import { answerOf, questionOf } from '../api/judging.ts';
import type { Look } from '../api/look.ts';
import { readGoal } from '../briefing/goal.ts';
import type { Secrets } from '../observe/secrets.ts';
import type { SignQuestion } from '../runtime/signs/sign-keeper.ts';
import { type createAgentRunner, outcomeOf } from './probes.ts';

export interface JudgeOptions {
  /** Empty, and nobody's: a judge has no business in an agent's directory. */
  readonly directory: string;
  readonly start: ReturnType<typeof createAgentRunner>;
  readonly secrets: Pick<Secrets, 'redact'>;
  readonly now: () => number;
}

/** An answer is shorter than this; of a longer one nothing counts. Bytes. */
const MAX_ANSWER = 64 * 1024;
/** Answers that are remembered. */
const MAX_KNOWN = 1000;

/**
 * Asks a command whether an agent's work is done. It is asked once of the same evidence: whoever is asked again until he
 * says yes will have said it in the end.
 */
export function createJudge({ directory, start, secrets, now }: JudgeOptions) {
  const known = new Map<string, { readonly question: string; readonly value: SignSeen }>();

  function remember(id: string, question: string, value: SignSeen): void {
    known.delete(id);
    known.set(id, { question, value });
    const [oldest] = known.keys();
    if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
  }

  return async (
    asked: SignQuestion,
    { argv, timeoutMs }: Extract<DesiredSign, { readonly type: 'Judge' }>,
    signal: AbortSignal,
  ): Promise<Look<SignSeen>> => {
    const { project, uid, agent, rule, status } = asked;
    const at = now();
    const goal = await readGoal(asked.goal);
    if (goal.type === 'Unreadable') return { state: 'Unknown', at, reason: 'NotLooked', message: goal.message };
    const input = questionOf({
      project,
      agent: agent.name,
      goal: goal.known.goal,
      directory: agent.workingDir,
      rules: asked.rules.filter(({ name }) => name !== rule.name),
      facts: factsOf(asked),
    });
    const id = `${uid} ${rule.name} ${agent.name}`;
    const before = known.get(id);
    if (before?.question === `${argv.join('\0')}\n${input}`) return { state: 'Known', at, value: before.value };
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const mark = { project, uid, agent: agent.name, hash: agent.launchHash, run: status?.run ?? '' };
    const result = await start(
      { argv, agent, mark },
      { cwd: directory, timeoutMs, signal, input, stdoutBytes: MAX_ANSWER },
    );
    const program = argv[0] ?? '';
    if (result.type !== 'Exited' || result.exitCode !== 0) {
      const outcome = outcomeOf(result, '', timeoutMs);
      const message = `${program} ${outcome.type === 'Succeeded' ? '' : outcome.message}`;
      return outcome.type === 'Unknown'
        ? { state: 'Unknown', at, reason: 'NotLooked', message }
        : { state: 'Known', at, value: { met: false, message } };
    }
    const answer = answerOf(result.isWhole === false ? '' : (result.stdout ?? ''));
    const [said = ''] = await secrets.redact(agent.env, [answer.said]);
    const value = {
      met: answer.done,
      message: `${program} says ${answer.done ? 'yes' : 'no'}: ${said || '(nothing)'}`,
    };
    if (answer.isClear) remember(id, `${argv.join('\0')}\n${input}`, value);
    return { state: 'Known', at, value };
  };
}

function factsOf({ status }: SignQuestion): readonly string[] {
  const { git, report } = status ?? {};
  const { branch = 'no branch', base, head, subject = '', ahead = 0, changed = 0, untracked = 0 } = git ?? {};
  return [
    ...(git === undefined
      ? []
      : [
          `git: ${branch}, ${ahead} commits since ${base ?? 'the beginning'}, the last ${head ?? 'none'} ${subject}`,
          `git: ${changed} files changed and ${untracked} new ones, not committed`,
        ]),
    ...(report === undefined ? [] : [`it reported ${report.type}: ${report.text ?? ''}`]),
  ];
}
