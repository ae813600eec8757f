import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentStatus } from '../../../controller/api/generated/all.ts';
import { projectYaml, until, type World } from '../support/world.ts';

const STAND_IN = fileURLToPath(new URL('stand-in.mjs', import.meta.url));

/** An AgentClass for the stand-in: what it says in which way, as data. */
function standInClass(root: string): Record<string, unknown> {
  return {
    reading: {
      startTimeoutSeconds: 3,
      sources: [
        {
          type: 'File',
          path: `${root}/{{ agent }}.state.json`,
          valid: [{ field: 'pid', is: '{{ pid }}' }],
          rules: [
            { name: 'busy', match: [{ field: 'status', is: 'busy' }], state: 'Busy', conversation: 'session' },
            {
              name: 'idle',
              match: [{ field: 'status', is: 'idle' }],
              state: 'Idle',
              or: ['Waiting', 'NeedsAuth', 'Limited'],
            },
          ],
        },
        {
          type: 'Hook',
          rules: [
            { name: 'session', match: [{ field: 'event', is: 'SessionStart' }], conversation: 'session_id' },
            {
              name: 'prompt',
              match: [{ field: 'event', is: 'Prompt' }],
              state: 'Busy',
              turn: 'Begins',
              prompt: 'prompt',
              conversation: 'session_id',
            },
            {
              name: 'permission',
              match: [{ field: 'event', is: 'Permission' }],
              state: 'Waiting',
              reason: 'PermissionPrompt',
              message: 'it asks to use {{ record.tool }}',
            },
            {
              name: 'background',
              match: [
                { field: 'event', is: 'Stop' },
                { field: 'tasks', empty: false },
              ],
              state: 'Busy',
              reason: 'BackgroundWork',
              turn: 'Ends',
            },
            { name: 'stop', match: [{ field: 'event', is: 'Stop' }], state: 'Idle', turn: 'Ends' },
            {
              name: 'limit',
              match: [{ field: 'event', is: 'Failed' }],
              state: 'Limited',
              reason: 'UsageLimit',
              message: '{{ record.text }}',
              limit: 'text',
              turn: 'Fails',
            },
          ],
        },
        {
          type: 'Transcript',
          path: `${root}/{{ agent }}-*.jsonl`,
          rules: [
            {
              name: 'interrupted',
              match: [{ field: 'type', is: 'aborted' }],
              state: 'Idle',
              turn: 'Interrupted',
              reason: 'Interrupted',
            },
          ],
        },
        {
          type: 'Title',
          rules: [
            { name: 'busy', pattern: '^\\* ', state: 'Busy' },
            { name: 'idle', pattern: '^- ', state: 'Idle', or: ['Waiting', 'NeedsAuth', 'Limited'] },
          ],
        },
        {
          type: 'Screen',
          rules: [
            { name: 'trust', pattern: '^Do you trust this folder\\?', state: 'Waiting', reason: 'TrustDialog' },
            {
              name: 'limit',
              pattern: '^(?<text>You have hit your usage limit.*)$',
              state: 'Limited',
              reason: 'UsageLimit',
              message: '{{ groups.text }}',
              limit: 'text',
            },
            { name: 'busy', pattern: 'esc to interrupt', state: 'Busy' },
            { name: 'ready', pattern: '^>', state: 'Idle', or: ['Waiting', 'NeedsAuth', 'Limited'] },
          ],
        },
      ],
    },
    delivery: { inputLine: '^>(?<text>.*)$' },
    limits: { resets: ['resets at (?<hour>\\d+)(?<ampm>[ap]m) \\((?<zone>[^)]+)\\)'] },
  };
}

export interface StandIn {
  /** Has the program do things, in this order. */
  does(...verbs: Record<string, unknown>[]): void;
  /** Where its hook writes. */
  hooks(): string;
  status(): AgentStatus | undefined;
  /** Waits until the agent is shown so. */
  shown(what: Partial<AgentStatus>): Promise<AgentStatus>;
  /** Every key that reached it. */
  keys(): string;
}

/** Writes a project `web` whose agents are stand-ins of one class. */
export function standIns(world: World, names: readonly string[], more: Record<string, unknown> = {}): StandIn[] {
  const spec = { ...standInClass(world.root), ...more };
  world.spec(
    'stand-in.yaml',
    JSON.stringify({ apiVersion: 'muxlet.dev/v1alpha1', kind: 'AgentClass', metadata: { name: 'stand-in' }, spec }),
  );
  const agents = Object.fromEntries(
    names.map((name) => {
      const command = [process.execPath, STAND_IN, join(world.root, `${name}.control`)];
      return [name, { class: 'stand-in', command, workingDir: world.work }];
    }),
  );
  world.spec('web.yaml', projectYaml('web', agents));
  return names.map((name) => standIn(world, name));
}

function standIn(world: World, name: string): StandIn {
  const control = join(world.root, `${name}.control`);
  const status = (): AgentStatus | undefined => world.agent('web', name);
  return {
    status,
    does(...verbs) {
      appendFileSync(control, verbs.map((verb) => `${JSON.stringify(verb)}\n`).join(''));
    },
    hooks() {
      const uid = status()?.uid;
      if (uid === undefined) throw new Error(`agent ${name} has no uid yet`);
      return join(world.state, 'agents', uid, 'hooks.json-seq');
    },
    shown: (what) =>
      until(`agent ${name} is ${JSON.stringify(what)}`, () => {
        const now = status();
        const fits = Object.entries(what).every(([field, value]) => now?.[field as keyof AgentStatus] === value);
        if (fits) return now;
        throw new Error(JSON.stringify(now));
      }),
    keys: () => (existsSync(`${control}.keys`) ? readFileSync(`${control}.keys`, 'utf8') : ''),
  };
}
