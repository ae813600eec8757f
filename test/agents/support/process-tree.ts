import { readdirSync, readFileSync } from 'node:fs';
import { signalProcess } from '../../support/signal-process.ts';
import { eventually } from './eventually.ts';

const GRACE_MS = 5000;

/** The process and all below it, at this moment. */
export function treeOf(root: number): number[] {
  const parents = new Map(
    readdirSync('/proc').flatMap((name) => {
      const stat = /^\d+$/.test(name) ? statOf(Number(name)) : undefined;
      return stat === undefined ? [] : [[Number(name), stat.parent] as const];
    }),
  );
  const below = (pid: number): number[] => [
    pid,
    ...[...parents].filter(([, parent]) => parent === pid).flatMap(([child]) => below(child)),
  ];
  return below(root);
}

/** A program that was hung up writes to its home while it heeds that; the slow ones are killed. */
export async function allEnded(pids: readonly number[]): Promise<void> {
  const left = () => pids.filter((pid) => !['Z', 'X', undefined].includes(statOf(pid)?.state));
  const none = () => left().length === 0 || undefined;
  const what = () => `the end of processes ${left().join(', ')}`;
  try {
    await eventually(none, what, GRACE_MS);
  } catch {
    for (const pid of left()) signalProcess(pid, 'SIGKILL');
    await eventually(none, what, GRACE_MS);
  }
}

function statOf(pid: number): { readonly state: string; readonly parent: number } | undefined {
  try {
    const [, state = '', parent] = /^\d+ \(.*\) (\S) (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}
