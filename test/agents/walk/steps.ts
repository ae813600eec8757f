// The table of what every program is walked through. The steps of a tour are walked in this order by one agent in one
// conversation, the tours beside one another. A step begins with an idle agent and leaves one behind; after one that failed,
// the next begins with a new world. What a program does in its own way stands in its WalkedClass, and what it does not do
// at all in `without` there.

import type { StepName } from './step-name.ts';
import { background, backgroundLater, subagent } from './steps/background.ts';
import { interruption } from './steps/interruption.ts';
import { cleared, controllerKilled, killed, left } from './steps/kills.ts';
import { limit, limitEnds, limitTold, limitUnhooked } from './steps/limit.ts';
import { messageToBusy, messageToIdle, messageToWaiting } from './steps/messages.ts';
import { approved, denied, files, granted, question, twoAsked } from './steps/permission.ts';
import { briefing, firstRun, firstRunApproved, messageAtStart, projectAsks, start } from './steps/start.ts';
import { dropped, gaveUp, goneOnWith, overloaded, refused, unauthorized } from './steps/trouble.ts';
import { context, turn } from './steps/turn.ts';
import { failedUnhooked, wordsUnhooked } from './steps/unhooked.ts';
import type { Walk } from './walk.ts';

export interface Step {
  /** What is proven, as a sentence. */
  readonly title: string;
  readonly run: (walk: Walk) => Promise<void>;
  /** Those of the same tour share a world. They take about as long as those of another. */
  readonly tour?: 'dialogs' | 'work' | 'words';
  /** It has a world of its own, since it leaves the account in a state that lasts; with which login. */
  readonly alone?: 'key' | 'account';
  /** It waits for minutes: left out where MUXLET_WALK_SHORT is set, as in a check of each change. */
  readonly waits?: true;
  /** It may be walked again in the same conversation. */
  readonly repeats?: true;
  /** It starts the agent itself. */
  readonly begins?: true;
}

export const STEPS: Readonly<Record<StepName, Step>> = {
  start: {
    title: 'it starts without a question and is Busy with its first prompt, then Idle',
    run: start,
    tour: 'dialogs',
  },
  briefing: { title: 'its first prompt is the briefing, to the letter', run: briefing, tour: 'dialogs' },
  turn: { title: 'a turn that a person asks for is Busy, then Idle', run: turn, tour: 'dialogs', repeats: true },
  granted: {
    title: 'a permission that it asks for is Waiting, and Busy once a person grants it',
    run: granted,
    tour: 'dialogs',
    repeats: true,
  },
  denied: { title: 'a permission that a person denies does nothing', run: denied, tour: 'dialogs', repeats: true },
  question: {
    title: 'a question is Waiting, and Busy once a person answers',
    run: question,
    tour: 'dialogs',
    repeats: true,
  },
  twoAsked: {
    title: 'of two permissions at once the second is Waiting when the first was granted',
    run: twoAsked,
    tour: 'dialogs',
    repeats: true,
  },
  files: { title: 'what its tools would write waits for a permission', run: files, tour: 'dialogs', repeats: true },
  approved: {
    title: 'a permission that the spec grants is granted once, and no other',
    run: approved,
    tour: 'dialogs',
    repeats: true,
  },
  interruption: { title: 'what a person interrupts is Idle', run: interruption, tour: 'work', repeats: true },
  subagent: { title: 'while an agent of its own works it is Busy', run: subagent, tour: 'work', repeats: true },
  background: {
    title: 'what runs on after its turn is Busy until it ends',
    run: background,
    tour: 'work',
    repeats: true,
  },
  backgroundLater: {
    title: 'a command that a person sends to the background is Busy until it ends',
    run: backgroundLater,
    tour: 'work',
    repeats: true,
  },
  overloaded: {
    title: 'while it tries again an overloaded service it is Busy',
    run: overloaded,
    tour: 'work',
    repeats: true,
  },
  dropped: {
    title: 'a connection that is dropped, before or within an answer, is tried again',
    run: dropped,
    tour: 'work',
    repeats: true,
  },
  gaveUp: { title: 'a turn that it gave up is no Idle, and nobody restarts it', run: gaveUp, tour: 'work' },
  // From here on its class is a changed one.
  goneOnWith: {
    title: 'a turn that it gave up is gone on with after a while, once, without anybody',
    run: goneOnWith,
    tour: 'work',
  },
  messageToIdle: {
    title: 'a message to an idle agent is delivered once, whole',
    run: messageToIdle,
    tour: 'words',
    repeats: true,
  },
  messageToBusy: {
    title: 'a message to a busy agent is delivered once, whole',
    run: messageToBusy,
    tour: 'words',
    repeats: true,
  },
  messageToWaiting: {
    title: 'a message waits while a permission is asked for',
    run: messageToWaiting,
    tour: 'words',
    repeats: true,
  },
  controllerKilled: {
    title: 'a controller killed in mid-turn finds the same run again',
    run: controllerKilled,
    tour: 'words',
    repeats: true,
  },
  killed: { title: 'an agent that was killed goes on in the same conversation', run: killed, tour: 'words' },
  left: {
    title: 'an agent that a person has leave ended cleanly, and goes on in the same conversation',
    run: left,
    tour: 'words',
  },
  // Behind those that look at the conversation from its first word on.
  context: { title: 'how much of its context is left is shown, and made room for', run: context, tour: 'words' },
  unauthorized: {
    title: 'a credential that is refused is NeedsAuth until one is taken again',
    run: unauthorized,
    tour: 'work',
  },
  refused: { title: 'what the service refuses for good is shown with its reason', run: refused, alone: 'key' },
  messageAtStart: {
    title: 'a message from before its start comes after its first prompt, once',
    run: messageAtStart,
    alone: 'key',
    begins: true,
  },
  firstRun: {
    title: 'a question of the first run is Waiting by its name until a person answers',
    run: firstRun,
    alone: 'key',
    begins: true,
  },
  firstRunApproved: {
    title: 'a question of the first run that the spec answers holds nobody up',
    run: firstRunApproved,
    alone: 'key',
    begins: true,
  },
  cleared: {
    title: 'an agent that a person has begin another conversation is read, told and started again in that one',
    run: cleared,
    alone: 'key',
  },
  projectAsks: {
    title: 'what the files of a project have it ask is Waiting by its name, until a person or the spec answers',
    run: projectAsks,
    alone: 'key',
    begins: true,
  },
  limit: { title: 'a usage limit is Limited, with the time at which it ends', run: limit, alone: 'account' },
  limitEnds: { title: 'after a limit it goes on, once', run: limitEnds, alone: 'account', waits: true },
  limitTold: {
    title: 'told to go on after a limit it does not go on by itself as well',
    run: limitTold,
    alone: 'account',
    waits: true,
    begins: true,
  },
  limitUnhooked: {
    title: 'a usage limit is Limited, also for the next controller, where hooks are switched off',
    run: limitUnhooked,
    alone: 'account',
    waits: true,
    begins: true,
  },
  wordsUnhooked: {
    title: 'it is briefed, and told what it is sent, where hooks are switched off',
    run: wordsUnhooked,
    alone: 'key',
    waits: true,
    begins: true,
  },
  failedUnhooked: {
    title: 'a turn that it gave up, or that was refused for good, is shown where hooks are switched off',
    run: failedUnhooked,
    alone: 'key',
    waits: true,
    begins: true,
  },
};
