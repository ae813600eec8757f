/**
 * The nouns. This room holds what the others talk about: kinds, metadata, observed facts, actions, reasons, errors,
 * and the pure functions that turn one noun into another. It imports nothing of ours and nothing with effects.
 */

export const GROUP = 'muxlet.dev';
export const API_VERSION = 'muxlet.dev/v1alpha1';

export interface KindInfo {
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  /** Read-only kinds are written by the controller alone; a spec file that holds one is refused. */
  readonly readOnly: boolean;
  /** File in controller/api/schemas/, if the kind has one. */
  readonly schema?: string;
}

export const KINDS = [
  {
    kind: 'Project',
    plural: 'projects',
    singular: 'project',
    shortNames: ['proj'],
    readOnly: false,
    schema: 'project.schema.json',
  },
  {
    kind: 'AgentClass',
    plural: 'agentclasses',
    singular: 'agentclass',
    shortNames: ['ac'],
    readOnly: false,
    schema: 'agentclass.schema.json',
  },
  {
    kind: 'AgentRole',
    plural: 'agentroles',
    singular: 'agentrole',
    shortNames: ['ar'],
    readOnly: false,
    schema: 'agentrole.schema.json',
  },
  {
    kind: 'Team',
    plural: 'teams',
    singular: 'team',
    shortNames: [],
    readOnly: false,
    schema: 'team.schema.json',
  },
  {
    kind: 'Message',
    plural: 'messages',
    singular: 'message',
    shortNames: ['msg'],
    readOnly: false,
    schema: 'message.schema.json',
  },
  {
    kind: 'Queue',
    plural: 'queues',
    singular: 'queue',
    shortNames: ['q'],
    readOnly: false,
    schema: 'queue.schema.json',
  },
  {
    kind: 'GitSource',
    plural: 'gitsources',
    singular: 'gitsource',
    shortNames: ['gs'],
    readOnly: false,
    schema: 'gitsource.schema.json',
  },
  {
    kind: 'Alert',
    plural: 'alerts',
    singular: 'alert',
    shortNames: [],
    readOnly: false,
    schema: 'alert.schema.json',
  },
  {
    kind: 'Agent',
    plural: 'agents',
    singular: 'agent',
    shortNames: ['ag'],
    readOnly: true,
    schema: 'agent.schema.json',
  },
  {
    kind: 'Event',
    plural: 'events',
    singular: 'event',
    shortNames: ['ev'],
    readOnly: true,
    schema: 'event.schema.json',
  },
  { kind: 'Problem', plural: 'problems', singular: 'problem', shortNames: [], readOnly: true },
] as const satisfies readonly KindInfo[];

/** Kinds that a person writes into specs/. */
export const SPEC_KINDS = [
  'Project',
  'AgentClass',
  'AgentRole',
  'Team',
  'Message',
  'Queue',
  'GitSource',
  'Alert',
] as const;
export type SpecKind = (typeof SPEC_KINDS)[number];

/** Finds a kind by any of its names (Project, projects, project, proj), upper or lower case. */
export function findKind(name: string): KindInfo | undefined {
  const wanted = name.toLowerCase();
  return KINDS.find((info: KindInfo) =>
    [info.kind.toLowerCase(), info.plural, info.singular, ...info.shortNames].includes(wanted),
  );
}
