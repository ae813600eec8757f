import type { Places } from '../ports.ts';

/** What is to run as a service, and how: all that its files are made of. */
export interface Service {
  /** Of a person, who is logged in or lingers, or of the machine. */
  readonly scope: 'user' | 'system';
  /** Of the unit or job: `muxlet`, or with the tmux server's name where that is another one. */
  readonly name: string;
  /** Node.js and the program, all paths absolute. */
  readonly argv: readonly string[];
  readonly places: Places;
  readonly listen: string | undefined;
  /** The account that it runs under; given for the machine's alone. */
  readonly runAs: string | undefined;
  /** What the controller, and with it every agent, finds in its environment. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface ServiceFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

/** One of those who start programs on a machine and keep them running. */
export interface Manager {
  /** The program by which it is spoken to. */
  readonly program: string;
  files(service: Service): readonly ServiceFile[];
  /** Commands that have it take new files in and start what they say; `isActive`: an older version runs. */
  startCommands(service: Service, options: { readonly isActive: boolean }): readonly (readonly string[])[];
  /** Commands that end the controller and forget it; to be followed by the removal of the files. */
  stopCommands(service: Service): readonly (readonly string[])[];
  /** Commands after the files were removed. */
  forgetCommands(service: Service): readonly (readonly string[])[];
  /** The command that asks how it stands, and what its answer says. */
  readonly standing: {
    command(service: Service): readonly string[];
    read(answer: string): Standing;
  };
  /** How a person looks at it, as commands, each with what it shows. */
  looks(service: Service): readonly (readonly [command: string, what: string])[];
}

export interface Standing {
  readonly isActive: boolean;
  /** In the manager's own words. */
  readonly words: string;
}

/** The words after the program's name with which the controller is run. */
export function runWords({ places, listen }: Service): readonly string[] {
  return ['run', ...placeWords(places), ...(listen === undefined ? [] : ['--listen', listen])];
}

export function auditWords({ places }: Service): readonly string[] {
  return ['audit', ...placeWords(places)];
}

function placeWords({ specs, state, socket }: Places): readonly string[] {
  return ['--specs', specs, '--state', state, '--tmux-socket', socket];
}
