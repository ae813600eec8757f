import type { AgentReading } from '../../api/agent-reading.ts';
import type { ClassLook, ClassMember } from '../../api/class-look.ts';
import type { AgentClassSpec, AgentClassStatus } from '../../api/generated/all.ts';

/** Everything that a decision about an AgentClass is made from. */
export interface ClassInput {
  readonly name: string;
  readonly spec: AgentClassSpec;
  readonly generation: number;
  readonly previous: AgentClassStatus | undefined;
  readonly look: ClassLook | undefined;
  readonly members: readonly { readonly member: ClassMember; readonly reading?: AgentReading }[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}
