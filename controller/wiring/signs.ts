import type { SignSeen } from '../api/completing.ts';
import type { Key } from '../api/key.ts';
import type { Look } from '../api/look.ts';
import type { systemClock } from '../exec/clock.ts';
import { lookAtFile } from '../observe/signs/look-at-file.ts';
import { lookAtPlan } from '../observe/signs/look-at-plan.ts';
import { lookAtScreen } from '../observe/signs/look-at-screen.ts';
import type { ProbeOutcome } from '../runtime/probes/probe-state.ts';
import type { ProberOptions } from '../runtime/probes/prober.ts';
import { createSignKeeper, type SignKeeper, type SignQuestion } from '../runtime/signs/sign-keeper.ts';
import type { TmuxChannel } from '../tmux/reply.ts';
import type { createJudge } from './judge.ts';

export interface SignsOptions {
  readonly clock: typeof systemClock;
  /** Runs a command as an agent's probes are run. */
  readonly run: ProberOptions['run'];
  readonly judge: ReturnType<typeof createJudge>;
  readonly server: (name: string) => TmuxChannel;
  readonly hint: (key: Key) => void;
  readonly failed: (error: unknown) => void;
}

/** Looks at the signs of finished work, each in its way. */
export function createSigns({ clock, run, judge, server, hint, failed }: SignsOptions): SignKeeper {
  const { now } = clock;

  async function look(question: SignQuestion, signal: AbortSignal): Promise<Look<SignSeen>> {
    const { agent, rule, since } = question;
    const { sign } = rule;
    const directory = agent.workingDir;
    const at = now();
    switch (sign.type) {
      case 'Plan':
        return { state: 'Known', at, value: await lookAtPlan({ directory, file: sign.file }) };
      case 'File':
        return { state: 'Known', at, value: await lookAtFile({ ...sign, directory, since }) };
      case 'Command':
        return ofCommand(question, sign, signal);
      case 'Judge':
        return judge(question, sign, signal);
      case 'Screen':
        return atScreen(question, sign.matching);
      case 'Report':
      case 'Commits':
      case 'Idle':
        return unknown('nobody has to look at it');
    }
  }

  async function ofCommand(
    { project, uid, agent, status }: SignQuestion,
    { argv, timeoutMs }: { readonly argv: readonly string[]; readonly timeoutMs: number },
    signal: AbortSignal,
  ): Promise<Look<SignSeen>> {
    const mark = { project, uid, agent: agent.name, hash: agent.launchHash, run: status?.run ?? '' };
    // What the agent did since it began is not in what it says.
    const at = now();
    const outcome = await run({ argv, agent, mark, timeoutMs }, signal);
    return lookOf(outcome, argv[0] ?? '', at);
  }

  function atScreen({ uid, status }: SignQuestion, matching: string): Promise<Look<SignSeen>> {
    const { pane, run: of } = status ?? {};
    if (pane === undefined || of === undefined) return Promise.resolve(unknown('it has no terminal'));
    return lookAtScreen(server(pane.server), { uid, run: of, pane, matching }, now);
  }

  function unknown(message: string): Look<SignSeen> {
    return { state: 'Unknown', at: now(), reason: 'NotLooked', message };
  }

  return createSignKeeper({
    clock,
    look: (question, signal) => look(question, signal).catch((error: unknown) => unknown(String(error))),
    onChange: hint,
    onError: failed,
  });
}

function lookOf(outcome: ProbeOutcome, program: string, at: number): Look<SignSeen> {
  switch (outcome.type) {
    case 'Succeeded':
      return { state: 'Known', at, value: { met: true, message: `${program} exited with 0` } };
    case 'Failed':
      return { state: 'Known', at, value: { met: false, message: `${program} ${outcome.message}` } };
    case 'Unknown':
      return { state: 'Unknown', at, reason: 'NotLooked', message: `${program}: ${outcome.message}` };
  }
}
