import { MuxletError } from '../api/errors.ts';
import type { AgentRole } from '../api/generated/all.ts';
import { renderText } from '../template/render-text.ts';
import { SOME_FACTS } from './some-facts.ts';
import { variablesOf } from './variables.ts';

export interface RoleFault {
  readonly field: 'spec.briefing' | 'spec.recovery';
  /** What is wrong, with the line in the template. */
  readonly message: string;
  readonly hint?: string;
}

/** An agent about which everything is known: a template that fails for it fails for all. */
const SOME_AGENT = {
  name: 'agent',
  workingDir: '/',
  briefing: {
    role: { type: 'Known', name: 'role', source: '', first: '' },
    repo: '/',
    hub: 'agent',
    team: [{ name: 'agent', role: 'role', class: 'shell' }],
  },
} as const;

/** What is wrong with the templates of a role, whoever bears it. */
export function checkRole({ spec }: AgentRole): readonly RoleFault[] {
  const faults = [
    faultOf('spec.briefing', 'first', spec.briefing),
    ...(spec.recovery === undefined ? [] : [faultOf('spec.recovery', 'recovery', spec.recovery)]),
  ];
  return faults.filter((fault) => fault !== undefined);
}

function faultOf(field: RoleFault['field'], mode: 'first' | 'recovery', text: string): RoleFault | undefined {
  try {
    renderText({ name: 'template', text }, variablesOf(SOME_AGENT, mode, SOME_FACTS));
    return undefined;
  } catch (error) {
    if (!(error instanceof MuxletError)) throw error;
    const message = error.message.replace(/^template: /, '');
    return { field, message, ...(error.hint !== undefined && { hint: error.hint }) };
  }
}
