import type { CompletionStatus, ProjectStatus } from '../../api/generated/all.ts';
import { formatAge } from './age.ts';
import { printable } from './description.ts';
import type { Column } from './table.ts';

type Rule = CompletionStatus['rules'][number];

/** A table of the rules with their evidence. */
export function ruleColumns(now: number): readonly Column<Rule>[] {
  return [
    { header: 'Rule', cell: ({ name }) => name },
    { header: 'Met', cell: ({ status }) => status },
    { header: 'Since', cell: ({ since }) => (since === undefined ? '' : formatAge(since, now)) },
    { header: 'Agents', cell: ({ agents }) => agents?.join(',') ?? '' },
    { header: 'Evidence', cell: ({ message }) => printable(message) },
  ];
}

/** How far finished work was put together and verified. */
export function workRows({ run, integration, verification }: ProjectStatus): (readonly [string, string])[] {
  const rows: [string, string | undefined][] = [
    ['Round', run?.rounds === undefined ? undefined : roundText(run.rounds)],
    ['Integration', integration === undefined ? undefined : integrationText(integration)],
    ['Verification', verification === undefined ? undefined : verificationText(verification)],
    ['Verification Log', verification?.log],
    ['Refused', run?.refused === undefined ? undefined : refusalText(run.refused)],
  ];
  return rows.flatMap(([label, value]) => (value === undefined ? [] : [[label, value] as const]));
}

function roundText({
  count,
  refusals,
  conflicts,
  nextTryAt,
}: NonNullable<NonNullable<ProjectStatus['run']>['rounds']>) {
  const parts = [
    ...(refusals > 0 ? [`${refusals} refused`] : []),
    ...(conflicts > 0 ? [`${conflicts} conflicts`] : []),
    ...(nextTryAt === undefined ? [] : [`tried again at ${nextTryAt}`]),
  ];
  return parts.length === 0 ? String(count) : `${count} (${parts.join(', ')})`;
}

function integrationText({ state, branch, commit, message }: NonNullable<ProjectStatus['integration']>): string {
  const where = commit === undefined ? branch : `${branch} at ${commit.slice(0, 12)}`;
  return [`${state} (${where})`, message].filter((part) => part !== undefined).join(': ');
}

function verificationText({ state, command, message }: NonNullable<ProjectStatus['verification']>): string {
  return [command === undefined ? state : `${state} (${command})`, message]
    .filter((part) => part !== undefined)
    .join(': ');
}

function refusalText({ reason, message, told }: NonNullable<NonNullable<ProjectStatus['run']>['refused']>): string {
  return `${reason}: ${message}; ${told.length === 0 ? 'a person has to resolve it' : `told to ${told.join(', ')}`}`;
}
