import type { AgentClass, AgentRole, Alert, GitSource, Message, Project, Queue, Team } from './generated/all.ts';

/** An object as a person writes it. */
export type Manifest = Project | AgentClass | AgentRole | Team | Message | Queue | GitSource | Alert;
