import type { Action } from '../../../api/action.ts';
import type { ProjectInput } from '../../../api/decision.ts';
import type { DesiredProject } from '../../../api/desired.ts';
import { type FinishRequest, roundHash } from '../../../api/finish-request.ts';
import type { ProjectStatus, RunStatus } from '../../../api/generated/all.ts';
import { roundLook } from './verify.ts';

/**
 * Asks that the present round be begun, as long as nothing is known of it: whoever does it may have been started anew. What
 * was written down of a round comes before its beginning, so that a crash in between begins no other one.
 */
export function finishActions(run: RunStatus | undefined, input: ProjectInput): Action[] {
  const { desired, previous, observed, meta } = input;
  const before = previous?.run;
  const isOnRecord = before?.stage === 'Verifying' && before.rounds?.count === run?.rounds?.count;
  if (desired.type !== 'Present' || run?.stage !== 'Verifying' || run.rounds === undefined || !isOnRecord) return [];
  if (roundLook(run, observed.finish) !== undefined) return [];
  const request = requestOf(desired.project, { run, input, round: run.rounds.count });
  return [{ type: 'FinishWork', owner: { project: meta.name, uid: meta.uid }, request }];
}

/** A round that was begun for another spec says nothing of this one: it is asked for anew. */
export function withoutOldRound(input: ProjectInput): ProjectInput {
  const { desired, previous, observed } = input;
  const asked = observed.finish?.asked;
  if (desired.type !== 'Present' || previous?.run?.stage !== 'Verifying' || asked === undefined) return input;
  const { verification, integration, workspace } = desired.project;
  if (asked === roundHash({ verification, integration, setUp: workspace?.setUp })) return input;
  const { finish: _other, ...rest } = observed;
  return { ...input, observed: rest };
}

interface Round {
  readonly run: RunStatus;
  readonly input: ProjectInput;
  readonly round: number;
}

function requestOf(project: DesiredProject, { run, input, round }: Round): FinishRequest {
  const { workspace, integration, verification, agents } = project;
  const { meta, observed, previous } = input;
  const own = agents.flatMap(({ name, workTree }) => {
    // One whose name was taken has another branch than the one that it was to have.
    const branch = observed.workspace?.trees.get(name)?.branch ?? workTree?.branch;
    return workTree === undefined || branch === undefined ? [] : [{ agent: name, branch }];
  });
  const branches = own.filter(({ branch }, index) => own.findIndex((one) => one.branch === branch) === index);
  const [only] = branches;
  const [first] = agents;
  const directory = first?.workingDir ?? '/';
  const env = first?.env.filter((variable) => !('template' in variable)) ?? [];
  const checkout = workspace?.repo.type === 'Local' ? workspace.repo.path : undefined;
  return {
    project: meta.name,
    uid: meta.uid,
    attempt: run.attempt,
    round,
    repository: workspace?.repo.path ?? directory,
    root: workspace?.root ?? directory,
    branches,
    into: branches.length === 1 && only !== undefined ? only.branch : `muxlet/${meta.name}/integration`,
    base: observed.workspace?.base ?? previous?.base,
    integration,
    verification,
    setUp: workspace?.setUp,
    env,
    files: workspace?.files ?? [],
    ...(checkout !== undefined && { checkout }),
    directory,
  };
}

/** What stays said of the rules and of the last round, until there is something newer; nothing of an earlier attempt. */
export function workStatus(
  run: RunStatus | undefined,
  { previous, observed }: Pick<ProjectInput, 'previous' | 'observed'>,
): Pick<ProjectStatus, 'integration' | 'verification'> {
  const isSame =
    run?.attempt === previous?.run?.attempt && (run?.rounds?.count ?? 0) >= (previous?.run?.rounds?.count ?? 0);
  if (run?.rounds === undefined || !isSame) return {};
  const look = observed.finish?.attempt === run.attempt ? observed.finish : undefined;
  const integration = look?.integration ?? previous?.integration;
  const verification = look?.verification ?? previous?.verification;
  return { ...(integration !== undefined && { integration }), ...(verification !== undefined && { verification }) };
}
