import type { DesiredAgent, DesiredEnv } from '../api/desired.ts';
import type { LaunchMode } from '../api/launch-record.ts';
import { type Json, renderJson } from './render-json.ts';
import { renderText, type TemplateVariables } from './render-text.ts';

/** A file that the program reads, with everything filled in. */
export interface RenderedFile {
  /** Absolute. */
  readonly path: string;
  /** It stands in the agent's own folder: it is written whole. Elsewhere it is somebody's, and merged. */
  readonly isOwn: boolean;
  readonly content: { readonly type: 'Json'; readonly value: Json } | { readonly type: 'Text'; readonly text: string };
  readonly executable: boolean;
}

type Agent = Pick<DesiredAgent, 'class' | 'argv' | 'args' | 'program' | 'env'>;

/**
 * The command of a start: the agent's own, the class's arguments, the agent's further ones, the prompt.
 *
 * @throws MuxletError MUX_TEMPLATE
 */
export function composeArgv(agent: Agent, mode: LaunchMode, variables: TemplateVariables): string[] {
  const { start, resume, prompt } = agent.program;
  const name = mode === 'Resume' ? 'resume' : 'start';
  const args = (mode === 'Resume' ? resume?.args : start?.args) ?? [];
  const asked = 'prompt' in variables && !isToldLater(agent, mode) ? (prompt?.args ?? []) : [];
  return [
    ...agent.argv,
    ...renderList(`${classOf(agent)}, spec.${name}.args`, args, variables),
    ...agent.args,
    ...renderList(`${classOf(agent)}, spec.prompt.args`, asked, variables),
  ];
}

/** Whether the prompt of such a start is no argument, but a message. */
export function isToldLater({ program }: Pick<Agent, 'program'>, mode: LaunchMode): boolean {
  return mode === 'Resume' && program.prompt?.resumed === 'Message';
}

/** What the files of a start are made from. */
export interface FileMaterial {
  /** The agent's own folder: a path that is not absolute starts there. */
  readonly directory: string;
  readonly variables: TemplateVariables;
  /** A variable of the agent's environment. */
  readonly envOf: (name: string) => string | undefined;
}

/**
 * The files of a start, in the order in which they are written. Of the environment a file knows the variable alone that
 * it is for, since what a class is told of secrets may end up in files that others read.
 *
 * @throws MuxletError MUX_TEMPLATE
 */
export function composeFiles(agent: Agent, { directory, variables: common, envOf }: FileMaterial): RenderedFile[] {
  return (agent.program.files ?? []).flatMap(({ path, ifEnv, json, text, executable = false }, index) => {
    const given = ifEnv === undefined ? undefined : envOf(ifEnv);
    if (ifEnv !== undefined && (given === undefined || given === '')) return [];
    const variables = ifEnv === undefined ? common : { ...common, env: { [ifEnv]: given ?? '' } };
    const name = `${classOf(agent)}, spec.files[${index}]`;
    const rendered = renderText({ name: `${name}.path`, text: path }, variables);
    const absolute = clean(rendered.startsWith('/') ? rendered : `${directory}/${rendered}`);
    const content: RenderedFile['content'] =
      json === undefined
        ? { type: 'Text', text: renderText({ name: `${name}.text`, text: text ?? '' }, variables) }
        : { type: 'Json', value: renderJson(`${name}.json`, json, variables) };
    return [{ path: absolute, isOwn: absolute.startsWith(`${directory}/`), executable, content }];
  });
}

/** @throws MuxletError MUX_TEMPLATE */
export function composeEnv(agent: Agent, variables: TemplateVariables): DesiredEnv[] {
  return agent.env.map((variable) => {
    if (!('template' in variable)) return variable;
    const name = `${classOf(agent)}, spec.env ${variable.name}`;
    return { name: variable.name, value: renderText({ name, text: variable.template }, variables) };
  });
}

/** @throws MuxletError MUX_TEMPLATE */
export function composeIfExists(agent: Agent, variables: TemplateVariables): string | undefined {
  const text = agent.program.resume?.ifExists;
  return text === undefined
    ? undefined
    : renderText({ name: `${classOf(agent)}, spec.resume.ifExists`, text }, variables);
}

/** A command and nothing more: there is nothing to prepare, and nothing that its start would wait for. */
export function isPlain({ program, briefing, env }: Pick<DesiredAgent, 'program' | 'briefing' | 'env'>): boolean {
  const { start, resume, conversation, prompt, files, reading } = program;
  const said = [start, resume, conversation, prompt, files, reading, briefing];
  return said.every((part) => part === undefined) && !env.some((variable) => 'template' in variable);
}

function renderList(name: string, texts: readonly string[], variables: TemplateVariables): string[] {
  return texts.map((text, index) => renderText({ name: `${name}[${index}]`, text }, variables));
}

function classOf(agent: Agent): string {
  return `AgentClass ${agent.class}`;
}

/** '..' leads out of the agent's folder, and what stands there is not muxlet's. */
function clean(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
