// What the walk must know of a program, beside what its preset says: the answers to first-run questions, hooks and the
// like are the preset's, and no walk gives them.
import type { Behaviour, FailureName } from '../model-api/behaviour.ts';
import type { StepName } from './step-name.ts';

/** One text of the class in place of another, wherever it stands. */
export interface Change {
  readonly from: string;
  readonly to: string;
}

/** Where one agent finds its model, and where it lives. */
export interface Place {
  /** Of the model API, with the agent's label. */
  readonly url: string;
  readonly home: string;
  readonly directory: string;
}

export interface WalkedClass {
  /** Of the AgentClass, and of the pinned program. */
  readonly name: string;
  /** Variables of the controller's own environment, as somebody exports them who uses the program by hand. */
  readonly exported: Readonly<Record<string, string>>;
  /** The same for an account with usage limits, where that is another one. */
  readonly exportedOfAccount?: Readonly<Record<string, string>>;
  /** The agent's `env` in the spec: the model API, and fewer tries so that a walk is short. */
  readonly env: (place: Place) => Readonly<Record<string, string>>;
  /** The agent's `args` in the spec. */
  readonly args: readonly string[];
  /** Writes what a user would have configured (a provider), never an answer to a first-run question. */
  readonly configure?: (place: Place) => void;
  /** A call of a tool that asks for a permission and makes this file. */
  readonly asks: (file: string) => Behaviour;
  /** On the screen while it asks, where that comes later than its record and a key before it is lost. */
  readonly asking?: RegExp;
  /** Several such calls in one answer, each of which asks for itself. */
  readonly asksTwice?: (files: readonly [string, string]) => Behaviour;
  /** It runs none of them before all of them are granted. */
  readonly runsThemTogether?: true;
  /** Calls of the program's own tools that write this text into a new file, and then another in its place. */
  readonly writes?: (file: string, text: string) => Behaviour;
  readonly edits?: (file: string, from: string, to: string) => Behaviour;
  /** The dialog of a permission as the class's `dialogs` name it, and the answer that grants it. */
  readonly approval?: { readonly dialog: string; readonly answer: string };
  /** What takes the answer to a question of the first run out of the class, and what is shown then. */
  readonly firstRun?: {
    readonly unanswered: Change;
    readonly screen: RegExp;
    readonly reason: string;
    /** With which a person answers so that it goes on, and by which the spec does. */
    readonly keys: readonly string[];
    readonly approval?: { readonly dialog: string; readonly answer: string };
  };
  /** What it asks at its start for what stands in the project's own directory. */
  readonly projectAsks?: {
    /** Asked first, and answered by the spec. */
    readonly approved?: { readonly dialog: string; readonly answer: string };
    /** Asked then, and answered by a person with these keys. */
    readonly asked: { readonly reason: string; readonly keys: readonly string[] };
    readonly files: Readonly<Record<string, string>>;
    /** What is asked of the next start for one more of these files. */
    readonly next: {
      readonly files: Readonly<Record<string, string>>;
      readonly reason: string;
      readonly keys: readonly string[];
    };
  };
  /** How long a conversation has to be for it to show how much is left, and what then makes it shorter. */
  readonly context?: { readonly tokens: number; readonly compact: string };
  /** It goes on by itself after a limit; what it is said to be told then, and what makes muxlet be sooner. */
  readonly goesOn?: { readonly prompt: RegExp; readonly sooner: Change };
  /** After a limit it tries again by itself what was refused, and nobody tells it anything. */
  readonly triesAgain?: true;
  /** What somebody writes below their home who wants no hooks to be called. */
  readonly switchesHooksOff?: (home: string) => void;
  /** How much later than the stated end of a limit agents are told to go on, in seconds; 120 unless told. */
  readonly laterSeconds?: number;
  /** What a person types who wants it to forget all and begin another conversation, which it then tells of. */
  readonly clearAll?: string;
  /** It tells of that with the next prompt. */
  readonly clearsLate?: true;
  /** It keeps a third of a core busy while it only waits for its model. */
  readonly isHeavy?: true;
  /** No record tells that it took up its first prompt. */
  readonly restsFirst?: true;
  readonly question?: Behaviour;
  /** A call of a tool that has an agent of its own do something. */
  readonly subagent?: Behaviour;
  /** It asks for a permission before that one begins. */
  readonly subagentAsks?: true;
  /** Its turn does not wait for that, and ends before. */
  readonly subagentGoesOn?: true;
  /** The program tells its model of the end of that by itself, in a turn of its own. */
  readonly subagentIsTold?: true;
  /** A command that goes on after its turn is over. */
  readonly background?: (command: string) => Behaviour;
  /** One for whose end its turn waits, until a person sends it to the background by `keys.toBackground`. */
  readonly runs?: (command: string) => Behaviour;
  /** The program does not tell its model of the end of that. */
  readonly backgroundIsUntold?: true;
  readonly keys: {
    readonly grant: readonly string[];
    readonly deny: readonly string[];
    /** What a person types who wants it to end, and sends by Enter. */
    readonly leave: string;
    /** To the mode in which it may ask a question, and back, where there is one. */
    readonly askMode?: readonly string[];
    readonly answer?: readonly string[];
    readonly interrupt: readonly string[];
    /** Typed after an interruption, to empty the box. */
    readonly clear?: readonly string[];
    readonly toBackground?: readonly string[];
    /** Pressed at a usage limit by who does not want to wait. */
    readonly leaveLimit?: readonly string[];
  };
  /** What is shown then; Idle unless told. */
  readonly leftLimit?: { readonly state: string; readonly reason: string };
  /** What a denial by that key leads to: the turn is over, or the model is asked again. */
  readonly denied: 'Idle' | 'Busy';
  /** Its turn goes on for a moment after what ends it. */
  readonly endsLate?: true;
  /** What is shown once the program has given up a turn because the service is overloaded. */
  readonly gaveUp: { readonly state: string; readonly reason?: string };
  /** What makes muxlet have it go on with such a turn at once. */
  readonly retriedSoon?: Change;
  /** What the service refuses for good, and what is shown then. */
  readonly refusals: readonly { readonly failure: FailureName; readonly state: string; readonly reason?: string }[];
  /** It is at its first prompt for a while before it asks its model. */
  readonly asksLate?: true;
  /** At a usage limit it does not show when that ends. */
  readonly limitIsUntold?: true;
  /** How many tries the program makes itself: what it meets as often as that is not the end of the turn. */
  readonly tries: number;
  /** Steps that there are not for this program, and why. */
  readonly without: Partial<Readonly<Record<StepName, string>>>;
}
