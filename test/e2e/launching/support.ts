import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { World } from '../support/world.ts';

const STAND_IN = fileURLToPath(new URL('stand-in.mjs', import.meta.url));

/** What the stand-in noted of itself. */
export interface Note {
  readonly what: 'started' | 'ready';
  readonly at: number;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const READING = {
  startTimeoutSeconds: 20,
  sources: [
    { type: 'Hook', rules: [{ match: [{ field: 'event', is: 'SessionStart' }], conversation: 'session_id' }] },
    {
      type: 'Screen',
      rules: [
        { name: 'trust', pattern: '^Do you trust this folder\\?', state: 'Waiting', reason: 'TrustDialog' },
        { name: 'bypass', pattern: '^Bypass Permissions mode', state: 'Waiting', reason: 'BypassDialog' },
        { name: 'ready', pattern: '^>', state: 'Idle' },
      ],
    },
  ],
};

/** A class of the stand-in; what a test is about goes over it. */
export function putClass(world: World, name: string, more: Record<string, unknown> = {}): void {
  const spec = {
    command: [process.execPath, STAND_IN],
    env: [{ name: 'STAND_IN_ROOT', value: world.root }],
    conversation: { id: 'Assigned' },
    start: { args: ['--session-id', '{{ conversation }}', '--hook', '{{ hook }}'] },
    resume: {
      args: ['--resume', '{{ conversation }}', '--hook', '{{ hook }}'],
      ifExists: `${world.root}/conv*/{{ conversation }}.jsonl`,
    },
    prompt: { args: ['{{ prompt }}'] },
    reading: READING,
    dialogs: [
      { name: 'TrustDialog', pattern: '^Do you trust this folder\\?', answers: { accept: ['1'] } },
      { name: 'BypassDialog', pattern: '^Bypass Permissions mode', answers: { accept: ['Down', 'Enter'] } },
    ],
    ...more,
  };
  world.spec(
    `class-${name}.yaml`,
    JSON.stringify({ apiVersion: 'muxlet.dev/v1alpha1', kind: 'AgentClass', metadata: { name }, spec }),
  );
}

export function notes(world: World, agent: string): Note[] {
  const path = join(world.root, `${agent}.log`);
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Note);
}

export function starts(world: World, agent: string): Note[] {
  return notes(world, agent).filter(({ what }) => what === 'started');
}

/** Every key that reached it. */
export function keys(world: World, agent: string): string {
  const path = join(world.root, `${agent}.keys`);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** state/agents/UID */
export function folderOf(world: World, project: string, agent: string): string {
  const uid = world.agent(project, agent)?.uid;
  if (uid === undefined) throw new Error(`agent ${agent} has no uid yet`);
  return join(world.state, 'agents', uid);
}
