import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../support/world.ts';

/** A program that takes its first prompt as an argument, as coding agents do, keeps it in a file, and then works on. */
const PROGRAM = `#!/bin/sh
mkdir -p "$PROMPTS/$MUXLET_AGENT"
printf '%s' "$1" > "$PROMPTS/$MUXLET_AGENT/.part"
mv "$PROMPTS/$MUXLET_AGENT/.part" "$PROMPTS/$MUXLET_AGENT/$MUXLET_RUN"
exec sleep 100000
`;

export interface StandIn {
  /** The prompts that an agent was started with, the oldest first. */
  prompts(agent: string): string[];
}

/** Writes the program, and the AgentClass `stand-in` for it. */
export function withStandIn(world: World): StandIn {
  const program = join(world.root, 'stand-in');
  const prompts = join(world.root, 'prompts');
  mkdirSync(prompts);
  writeFileSync(program, PROGRAM);
  chmodSync(program, 0o755);
  world.spec(
    'stand-in.yaml',
    `apiVersion: muxlet.dev/v1alpha1
kind: AgentClass
metadata: {name: stand-in}
spec:
  command: [${program}]
  prompt: {args: ['{{ prompt }}']}
  env: [{name: PROMPTS, value: ${prompts}}]
  backoff: {initialSeconds: 0.05}
`,
  );
  return {
    prompts(agent) {
      const folder = join(prompts, agent);
      if (!existsSync(folder)) return [];
      const runs = readdirSync(folder).filter((name) => !name.startsWith('.'));
      return runs.sort().map((run) => readFileSync(join(folder, run), 'utf8'));
    },
  };
}

/** An AgentRole as YAML. */
export function roleYaml(name: string, spec: Record<string, unknown>): string {
  return JSON.stringify({ apiVersion: 'muxlet.dev/v1alpha1', kind: 'AgentRole', metadata: { name }, spec });
}
