import type { AgentClassSpec } from './generated/all.ts';

/** How many agents the account of a class carries at once on the plan, the class's own unless told; undefined: nobody says. */
export function agentsOfPlan({ plan: own, plans }: AgentClassSpec, plan = own): number | undefined {
  return plan !== undefined && plans !== undefined && Object.hasOwn(plans, plan) ? plans[plan] : undefined;
}
