/** What the readings need of the eyes, in their own words. Nothing of it rejects: what cannot be seen is absent. */
export interface EvidenceEyes {
  /** All panes by `server id`; a server that did not answer is left out. */
  faces(): Promise<Faces>;
  screen(pane: PaneRef): Promise<readonly string[] | undefined>;
  records(path: string, form: 'Hook' | 'Transcript', since: number): RecordFile;
  jsonFile(path: string): JsonFile;
  /** The newest file that a path with '*' stands for, made after a time. */
  find(pattern: string, madeAfter: number): Promise<string | undefined>;
  askJson(url: string): Promise<unknown>;
  /** Undefined if it cannot be watched. */
  watch(folder: string, changed: () => void): (() => void) | undefined;
}

export interface PaneRef {
  readonly server: string;
  readonly id: string;
}

export interface Faces {
  /** When it was looked, in milliseconds since the epoch. */
  readonly at: number;
  readonly panes: ReadonlyMap<string, Face>;
}

export interface Face {
  readonly pid: number;
  readonly dead: boolean;
  readonly title: string;
  /** Seconds since the epoch of the last output in its window. */
  readonly windowActivity: number;
}

export interface RecordFile {
  readonly path: string;
  /** What came since the last time. */
  read(): Promise<readonly TimedRecord[]>;
}

export interface TimedRecord {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly value: unknown;
  /** It bears its time itself. */
  readonly timed: boolean;
  /** It stood in the file when that was met, and the file is older than the run. */
  readonly old: boolean;
  /** What stood before it in the file was left out. */
  readonly first?: true;
}

export interface JsonFile {
  read(): Promise<{ readonly value: unknown; readonly changedAt: number } | undefined>;
}
