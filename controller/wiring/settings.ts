import type { NotifySettings } from '../exec/notify.ts';

/** What a run of the controller is told: flags and environment, read already. */
export interface RunSettings {
  /** Absolute. */
  readonly specs: string;
  readonly state: string;
  readonly presets: string;
  readonly socket: string;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Converge, then end. */
  readonly once: boolean;
  /** How long `once` may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly resyncMs: number;
  /** So long after it was first seen, what bears our mark and has no object is left alone, in milliseconds. */
  readonly orphanGraceMs: number;
  readonly allowInsecure: boolean;
  readonly version: string;
  /** Where the service manager that started us wants to be told how it stands, if one does. */
  readonly notify: NotifySettings | undefined;
  /** Told where the controller listens and which projects there are, once the specs are loaded. */
  readonly announce: (address: string, projects: readonly string[]) => void;
}
