import type { AgentClass, Team } from '../../api/generated/all.ts';
import { agentsOfPlan } from '../../api/plan-of-account.ts';

type Member = Team['spec']['members'][number];

export interface WithinPlans {
  readonly members: Member[];
  /** A line for each account that carries fewer than would have been proposed. */
  readonly reasons: readonly string[];
}

export interface Accounts {
  readonly classes: readonly AgentClass[];
  /** Of members that name no class. */
  readonly agentClass: string;
  /** Of that class, in place of the plan that it says itself. */
  readonly plan: string | undefined;
}

/** The members in their order, of each account no more than its plan carries. Pure. */
export function withinPlans(members: readonly Member[], { classes, agentClass, plan }: Accounts): WithinPlans {
  const counts = new Map<string, number>();
  const over = new Map<string, string>();
  const kept = members.filter((member) => {
    const name = member.class ?? agentClass;
    const spec = classes.find(({ metadata }) => metadata.name === name)?.spec;
    const onPlan = (name === agentClass ? plan : undefined) ?? spec?.plan;
    const most = spec === undefined ? undefined : agentsOfPlan(spec, onPlan);
    const count = counts.get(name) ?? 0;
    if (most !== undefined && count >= most) {
      over.set(name, `plan ${onPlan} carries ${counted(most)} of class ${name} at once`);
      return false;
    }
    counts.set(name, count + 1);
    return true;
  });
  const left = `${counted(kept.length)} and not ${members.length}`;
  return { members: kept, reasons: [...over.values()].map((why) => `${left}: ${why}`) };
}

function counted(agents: number): string {
  return `${agents} agent${agents === 1 ? '' : 's'}`;
}
