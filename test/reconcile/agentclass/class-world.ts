import type { AgentReading } from '../../../controller/api/agent-reading.ts';
import type { ClassLook } from '../../../controller/api/class-look.ts';
import type { ClassInput } from '../../../controller/reconcile/agentclass/class-input.ts';

export const NOW = Date.parse('2026-03-01T12:00:00.000Z');
export const iso = (ms: number): string => new Date(ms).toISOString();

type Found = Partial<Pick<ClassLook, 'program' | 'version' | 'login'>>;

/** A look at a class of which all is well, but for what is said otherwise. */
export function look(found: Found = {}): ClassLook {
  return {
    at: NOW - 1000,
    specHash: 'h',
    program: { type: 'Found', path: '/bin/coder' },
    version: { type: 'Known', text: '2.1.0' },
    login: { type: 'Passed', message: '' },
    ...found,
  };
}

export function member(agent: string, reading?: Partial<AgentReading>): ClassInput['members'][number] {
  const who = { project: 'web', projectUid: 'u', agent, uid: `u-${agent}`, run: 'r', alive: true };
  if (reading === undefined) return { member: who };
  const rest = { agent, run: 'r', state: 'Busy', at: NOW - 500, movedAt: NOW, turns: { prompts: [] } } as const;
  return { member: who, reading: { ...rest, ...reading } };
}

export function classInput(input: Partial<ClassInput> = {}): ClassInput {
  return {
    name: 'coder',
    spec: {
      version: { command: ['coder', '--version'], seen: '>=2.0.0 <3.0.0' },
      auth: { login: 'run: coder login' },
      reading: { sources: [] },
    },
    generation: 1,
    previous: undefined,
    look: look(),
    members: [member('dev', {})],
    now: NOW,
    ...input,
  };
}
