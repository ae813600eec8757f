import { agentFiles } from '../api/launch-record.ts';
import type { TemplateVariables } from './render-text.ts';

export interface AgentPlace {
  /** state/agents, absolute. */
  readonly agents: string;
  readonly home: string;
  readonly project: string;
  readonly projectUid: string;
  readonly agent: string;
  /** As the program itself will see it: with no symbolic link in it. */
  readonly workingDir: string;
  readonly run: string;
  readonly conversation?: string | undefined;
  readonly port?: number | undefined;
  readonly prompt?: string | undefined;
}

/**
 * What every template of an AgentClass knows. What is not known yet is not named, so that a template that asks for it
 * is an error and never an empty word on a command line.
 */
export function agentVariables(place: AgentPlace): TemplateVariables {
  const { agents, home, project, projectUid, agent, workingDir, run, conversation, port, prompt } = place;
  const { directory, hook, input } = agentFiles(agents, projectUid, agent);
  return {
    agentDir: directory,
    hook,
    home,
    workingDir,
    project,
    agent,
    uid: projectUid,
    run,
    inputFile: input,
    ...(conversation !== undefined && { conversation }),
    ...(port !== undefined && { port }),
    ...(prompt !== undefined && { prompt }),
  };
}

/** Whether any template in the class asks for the variable. */
export function mentions(program: object, variable: string): boolean {
  const text = texts.get(program) ?? JSON.stringify(program);
  texts.set(program, text);
  return new RegExp(`\\{[{%][^}]*\\b${variable}\\b`).test(text);
}

/** Asked at each look at an agent that runs. */
const texts = new WeakMap<object, string>();
