/**
 * What an agent is told at its start. This room renders a role's templates with what is known of the agent and its
 * team; it reads the goal's file and the repository's history, and changes nothing.
 */
import type { DesiredAgent, DesiredRole } from '../api/desired.ts';
import { renderText } from '../template/render-text.ts';
import { DEFAULT_RECOVERY } from './default-recovery.ts';
import { type BriefingFacts, variablesOf } from './variables.ts';

/** `recovery`: it ran before, whether or not its conversation could be resumed. */
export type BriefingMode = 'first' | 'recovery';

/**
 * The text for an agent; undefined if there is nothing to tell it. After a recovery's own text the first one is said
 * again, since the conversation that it was said in may be gone, or so long that it is forgotten.
 *
 * Pure. @throws MuxletError MUX_TEMPLATE that names the role, its place, the field and the line.
 */
export function briefingOf(agent: DesiredAgent, mode: BriefingMode, facts: BriefingFacts): string | undefined {
  const { briefing } = agent;
  if (briefing === undefined) return undefined;
  const { role, text = '' } = briefing;
  const known = role?.type === 'Known' ? role : undefined;
  const first = known === undefined ? '' : renderFirst(known, agent, facts);
  const parts = mode === 'first' ? [first, text] : [renderRecovery(known, agent, facts), first, text];
  const said = parts.map((part) => part.trim()).filter((part) => part !== '');
  return said.length === 0 ? undefined : said.join('\n\n');
}

type KnownRole = Extract<DesiredRole, { readonly type: 'Known' }>;

function renderFirst(role: KnownRole, agent: DesiredAgent, facts: BriefingFacts): string {
  return renderText({ name: nameOf(role, 'briefing'), text: role.first }, variablesOf(agent, 'first', facts));
}

function renderRecovery(role: KnownRole | undefined, agent: DesiredAgent, facts: BriefingFacts): string {
  const variables = variablesOf(agent, 'recovery', facts);
  if (role?.recovery === undefined) return renderText({ name: 'recovery', text: DEFAULT_RECOVERY }, variables);
  return renderText({ name: nameOf(role, 'recovery'), text: role.recovery }, variables);
}

function nameOf({ name, source }: KnownRole, field: 'briefing' | 'recovery'): string {
  return `AgentRole ${name} (${source}), spec.${field}`;
}
