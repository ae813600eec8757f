/** Who there is to be spoken to: the projects that are wanted, and their agents. */
export interface KnownProject {
  readonly name: string;
  /** Absent until the project was first looked at. */
  readonly uid?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly agents: readonly KnownAgent[];
  /** The agent that reports go to. */
  readonly hub?: string;
  /** Whether its spec is in force as it stands: only then is an agent that it does not name known not to be. */
  readonly isSure: boolean;
}

export interface KnownAgent {
  readonly name: string;
  readonly role?: string;
  /** Whether its class says how it is spoken to. */
  readonly speaks: boolean;
}

export interface Directory {
  readonly projects: readonly KnownProject[];
  /** Whether a project that is not among them is known not to be. */
  readonly isComplete: boolean;
}
