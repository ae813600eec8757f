import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until, type World } from '../support/world.ts';
import { classYaml, program } from './support.ts';

/**
 * A program that behaves like a coding agent as far as its account goes: it keeps a JSON file of what it does, which
 * the test rewrites in its stead. All that muxlet knows of it stands in its class. `exit` there ends it, `shows` is put on
 * its screen. It notes what is typed to it.
 */
const AGENT = `#!/usr/bin/env node
const { existsSync, readFileSync, writeFileSync, renameSync, appendFileSync } = require('node:fs');
const path = process.env.SAID + '/' + process.env.MUXLET_AGENT + '.json';
const status = existsSync(process.env.SAID + '/token') ? 'idle' : 'out';
appendFileSync(process.env.SAID + '/starts', process.env.MUXLET_AGENT + '\\n');
writeFileSync(path + '.new', JSON.stringify({ pid: process.pid, status }));
renameSync(path + '.new', path);
let shown;
process.stdin.setRawMode(true);
process.stdin.on('data', (bytes) => appendFileSync(process.env.SAID + '/' + process.env.MUXLET_AGENT + '.heard', bytes));
setInterval(() => {
  const said = JSON.parse(readFileSync(path, 'utf8'));
  if (said.pid === process.pid && said.shows !== undefined && said.shows !== shown) process.stdout.write(shown = said.shows);
  if (said.pid === process.pid && said.exit !== undefined) process.exit(said.exit);
}, 50);
`;

const RULES = [
  { name: 'busy', match: [{ field: 'status', is: 'busy' }], state: 'Busy', context: 'left' },
  { name: 'idle', match: [{ field: 'status', is: 'idle' }], state: 'Idle', context: 'left' },
  { name: 'out', match: [{ field: 'status', is: 'out' }], state: 'NeedsAuth', reason: 'Login' },
  { name: 'menu', match: [{ field: 'status', is: 'menu' }], state: 'Limited', reason: 'LimitMenu', limit: 'text' },
  { name: 'limit', match: [{ field: 'status', is: 'limited' }], state: 'Limited', reason: 'UsageLimit', limit: 'text' },
  ...(['Transient', 'Permanent'] as const).map((failure) => ({
    name: failure,
    match: [{ field: 'status', is: failure }],
    state: 'Waiting',
    reason: 'TurnFailed',
    failure,
  })),
  { name: 'dialog', match: [{ field: 'status', is: 'asks' }], state: 'Waiting', reason: 'PermissionPrompt' },
];

export interface StandIn {
  /** Has the agent say this of itself, once it runs. */
  says(agent: string, record: Record<string, unknown>): Promise<void>;
  logIn(): void;
  logOut(): void;
  /** Every byte that was typed to the agent, over all its runs. */
  bytes(agent: string): string;
  /** What was typed to the agent and submitted, over all its runs. */
  heard(agent: string): string[];
  /** How often an agent's program was started. */
  starts(agent: string): number;
}

/** Makes the class `coder` and its program, logged in. */
export function standIn(world: World, spec: Record<string, unknown> = {}): StandIn {
  const folder = join(world.root, 'said');
  const token = join(folder, 'token');
  mkdirSync(folder);
  writeFileSync(token, '');
  program(world, 'coder', AGENT);
  world.spec(
    'class.yaml',
    classYaml('coder', {
      command: ['coder'],
      env: [{ name: 'SAID', value: folder }],
      backoff: { initialSeconds: 0.1 },
      delivery: { pauseMs: 50 },
      reading: {
        sources: [
          {
            type: 'File',
            path: `${folder}/{{ agent }}.json`,
            valid: [{ field: 'pid', is: '{{ pid }}' }],
            rules: RULES,
          },
        ],
      },
      ...spec,
    }),
  );
  function bytes(agent: string): string {
    const path = join(folder, `${agent}.heard`);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  return {
    async says(agent, record) {
      const path = join(folder, `${agent}.json`);
      const { pid } = await until(
        `${agent} says something`,
        () => JSON.parse(readFileSync(path, 'utf8')) as { pid: number },
      );
      writeFileSync(`${path}.test`, JSON.stringify({ pid, ...record }));
      renameSync(`${path}.test`, path);
    },
    logIn: () => writeFileSync(token, ''),
    logOut: () => rmSync(token, { force: true }),
    bytes,
    heard: (agent) => bytes(agent).split('\r').slice(0, -1),
    starts(agent) {
      const path = join(folder, 'starts');
      const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
      return lines.filter((line) => line === agent).length;
    },
  };
}
