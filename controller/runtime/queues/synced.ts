/** Which projects nobody has looked at since the start: as long as there are some, one of them may run unseen. */
export interface Synced {
  looked(project: string): void;
  /** How many are left. */
  left(): number;
}

export interface SyncedOptions {
  /** Names of all projects that are wanted or on record; asked once, when the specs are loaded. */
  readonly projects: () => readonly string[];
  /** Whether there is still something to look at. */
  readonly exists: (project: string) => boolean;
  /** The last one was looked at, whichever queue it belongs to. */
  readonly onAll: () => void;
}

export function createSynced({ projects, exists, onAll }: SyncedOptions): Synced {
  const looked = new Set<string>();
  let pending: Set<string> | undefined;

  return {
    looked(project) {
      if (pending === undefined) looked.add(project);
      else if (pending.delete(project) && pending.size === 0) onAll();
    },
    left() {
      pending ??= new Set(projects().filter((project) => !looked.has(project)));
      for (const project of pending) if (!exists(project)) pending.delete(project);
      return pending.size;
    },
  };
}
