import { MuxletError } from '../../api/errors.ts';
import type { FinishRequest } from '../../api/finish-request.ts';
import type { FinishLook } from '../../api/finishing.ts';
import type { IntegrationStatus, VerificationStatus } from '../../api/generated/all.ts';
import { hashOf } from '../../api/metadata.ts';
import type { Round } from './finisher.ts';
import { mergeBranches } from './merge-branches.ts';
import type { RoundPorts } from './ports.ts';
import { publish } from './publish.ts';
import { strayed } from './strayed.ts';
import { sweep } from './sweep.ts';
import { type Target, verify } from './verify.ts';

/** What a step of a round has learnt; with a state, the round has come to its end. */
type Learnt = Partial<FinishLook>;

/**
 * One round from its beginning to its end: merge, verify, give on. Whatever an earlier round left is cleaned up first,
 * so that one that was cut short by the controller's end is simply done again. Never rejects; a round that was aborted
 * stays Running.
 */
export async function runRound(
  request: FinishRequest,
  ports: RoundPorts,
  { signal, tell, before }: Round,
): Promise<FinishLook> {
  const { attempt, round, branches, root } = request;
  let look: FinishLook = { attempt, round, state: 'Running' };
  const learn = (learnt: Learnt): void => {
    look = { ...look, ...learnt };
    if (look.state === 'Running') tell(look);
  };
  try {
    await sweep(branches.length === 0 ? undefined : root, ports);
    for (const step of [merge, check, giveOn]) {
      const learnt = await step({ request, ports, look, learn, signal, before });
      if (signal.aborted) return { ...look, state: 'Running' };
      learn(learnt);
      if (look.state !== 'Running') return look;
    }
    return { ...look, state: 'Passed' };
  } catch (error) {
    if (signal.aborted) return { ...look, state: 'Running' };
    const message = error instanceof Error ? error.message : String(error);
    const { integration, verification } = look;
    const failed = {
      ...(integration?.state === 'Merging' && { integration: { ...integration, state: 'Failed' as const, message } }),
      ...(verification?.state === 'Running' && {
        verification: { ...verification, state: 'Failed' as const, message },
      }),
    };
    return { ...look, ...failed, state: 'Failed', message };
  }
}

interface Step {
  readonly request: FinishRequest;
  readonly ports: RoundPorts;
  /** What the steps before have learnt. */
  readonly look: FinishLook;
  /** For what is to be known before the step is over. */
  readonly learn: (learnt: Learnt) => void;
  readonly signal: AbortSignal;
  readonly before: Round['before'];
}

/** Several branches, or one that is not the result itself. */
function needsMerge({ branches, into, integration }: FinishRequest): boolean {
  return integration !== undefined && branches.some(({ branch }) => branch !== into);
}

async function merge({ request, ports, learn }: Step): Promise<Learnt> {
  if (!needsMerge(request)) return {};
  const { into } = request;
  const at = (): string => new Date(ports.now()).toISOString();
  learn({ integration: { state: 'Merging', branch: into, at: at() } });
  const { commit, merged, backup, conflict } = await mergeBranches(request, ports);
  const known = { branch: into, commit, merged: [...merged], at: at(), ...(backup !== undefined && { backup }) };
  if (conflict === undefined) {
    const message = await strayed(request, commit, ports);
    return { integration: { state: 'Merged', ...known, ...(message !== undefined && { message }) } };
  }
  const { agent, files, message } = conflict;
  const integration: IntegrationStatus = { state: 'Conflict', ...known, agent, files: [...files], message };
  return { state: 'Conflict', message, integration };
}

async function check({ request, ports, look, learn, signal, before }: Step): Promise<Learnt> {
  if (request.verification === undefined) return {};
  const targets = await targetsOf(request, look, ports);
  const known = verifiedBefore(request, targets, before);
  if (known !== undefined) return { verification: known };
  const tell = (verification: NonNullable<FinishLook['verification']>): void => {
    learn({ verification });
  };
  return verify({ request, targets, signal, tell }, ports);
}

/** What was verified and could then not be given on is not verified again: a remote may be away for hours. */
function verifiedBefore(
  request: FinishRequest,
  targets: readonly Target[],
  before: Step['before'],
): VerificationStatus | undefined {
  const { state, verification } = before?.look ?? {};
  const [only, ...others] = targets;
  if (before === undefined || state !== 'Failed' || verification?.state !== 'Passed') return undefined;
  if (only === undefined || others.length > 0 || verification.commit !== only.commit) return undefined;
  return demandsOf(before.request) === demandsOf(request) ? { ...verification, round: request.round } : undefined;
}

function demandsOf({ attempt, verification, setUp, files, checkout }: FinishRequest): string {
  return hashOf({ attempt, verification, setUp, files, checkout });
}

/** The result; where there is to be none, each branch as its agent left it. */
async function targetsOf(request: FinishRequest, look: FinishLook, ports: RoundPorts): Promise<readonly Target[]> {
  const { branches, integration, into } = request;
  if (branches.length === 0) return [];
  const names = integration === undefined ? branches.map(({ branch }) => branch) : [into];
  return Promise.all(
    names.map(async (branch) => ({ branch, commit: look.integration?.commit ?? (await tipOf(branch, ports)) })),
  );
}

async function giveOn({ request, ports, look, learn, signal }: Step): Promise<Learnt> {
  const { integration, branches, into } = request;
  if (integration === undefined || branches.length === 0) return {};
  const commit = look.integration?.commit ?? look.verification?.commit ?? (await tipOf(into, ports));
  const merged = branches.map(({ agent }) => agent);
  let status: IntegrationStatus = look.integration ?? { state: 'Merged', branch: into, commit, merged };
  const tell = (done: string): void => {
    status = { ...status, published: [...(status.published ?? []), done] };
    learn({ integration: status });
  };
  learn({ integration: status });
  await publish({ request, integration, commit, tell, signal }, ports);
  return {};
}

async function tipOf(branch: string, { history }: RoundPorts): Promise<string> {
  const commit = await history.commitOf(`refs/heads/${branch}`);
  if (commit !== undefined) return commit;
  throw new MuxletError('MUX_NOT_FOUND', `the branch ${branch} is not there, or has no commit yet`);
}
