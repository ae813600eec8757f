import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import type { Message, MessageSpec, MessageStatus } from '../api/generated/all.ts';
import { API_VERSION } from '../api/kinds.ts';
import { SENT_AT } from '../api/mail.ts';
import { validatorOf } from '../store/schemas.ts';
import { writeAtomically } from '../store/state/atomic-write.ts';
import { readState } from '../store/state/read-state.ts';
import { parseDuration } from './duration.ts';
import { placesOf } from './options.ts';
import type { CliDeps, Places } from './ports.ts';
import { readAll } from './read-all.ts';
import { parseLabels } from './selector.ts';
import { loadView, type View } from './view.ts';

interface SendFlags {
  readonly to?: string;
  readonly selector?: string;
  readonly in?: string;
  readonly at?: string;
  readonly every?: string;
  readonly deadline?: string;
  readonly priority?: string;
  readonly dedupe?: string;
  readonly wait?: true;
  readonly timeout: string;
}

export function addSend(program: Command, deps: CliDeps): void {
  program
    .command('send')
    .summary('say something to agents')
    .description(
      'Leaves a Message in the state directory, for a controller to deliver: the one that runs, or the next one. ' +
        'Prints its name.',
    )
    .argument('<text...>', 'what is said; -: standard input')
    .option('--to <target>', 'PROJECT/AGENT, PROJECT, role:ROLE, PROJECT/role:ROLE, or self; in an agent: AGENT')
    .option('-l, --selector <labels>', 'instead of --to: all agents of the projects with these labels: a=b,c=d')
    .option('--in <duration>', 'not before so long from now')
    .option('--at <time>', 'not before this time (ISO 8601)')
    .option('--every <interval>', 'again and again: 90s, 30m, 2h')
    .option('--deadline <time>', 'not after this time (ISO 8601), or so long from now')
    .option('--priority <n>', 'higher goes first')
    .option('--dedupe <key>', 'takes the place of what waits under the same key')
    .option('--wait', 'wait until it was delivered, or was given up')
    .option('--timeout <duration>', 'how long to wait', '5m')
    .action(async (words: string[], flags: SendFlags, command: Command) => {
      const places = placesOf(command, deps);
      const text = words.length === 1 && words[0] === '-' ? await readAll(deps.stdin) : words.join(' ');
      const view = await loadView(deps, places);
      const message = messageOf(text, flags, { deps, view });
      checkTarget(message.spec, view);
      const { name } = message.metadata;
      writeAtomically(join(places.state, 'messages', `${name}.json`), `${JSON.stringify(message, undefined, 2)}\n`);
      deps.stdout.write(`${name}\n`);
      if (flags.wait) await waitFor(name, parseDuration(flags.timeout), { deps, places });
    });
}

/** @throws MUX_USAGE for what is no message */
function messageOf(
  text: string,
  flags: SendFlags,
  { deps, view }: { readonly deps: CliDeps; readonly view: View },
): Message {
  const { env } = deps;
  const project = env['MUXLET_PROJECT'];
  const agent = env['MUXLET_AGENT'];
  const self = project === undefined || agent === undefined ? undefined : { project, agent };
  const to = addressOf(flags, self, view);
  const isSelf = self !== undefined && to.project === self.project && to.agent === self.agent;
  if (isSelf && flags.to !== 'self') {
    throw new MuxletError('MUX_USAGE', 'an agent does not write to itself by mistake', { hint: 'say --to self' });
  }
  const notBefore = startOf(flags, deps.now());
  const spec: MessageSpec = {
    to,
    text: text.replace(/\n$/, ''),
    ...(self !== undefined && !isSelf && { from: self }),
    ...(notBefore !== undefined && { notBefore }),
    ...(flags.deadline !== undefined && { deadline: timeOf(flags.deadline, deps.now()) }),
    ...(flags.every !== undefined && { every: flags.every }),
    ...(flags.priority !== undefined && { priority: Number(flags.priority) }),
    ...(flags.dedupe !== undefined && { dedupeKey: flags.dedupe }),
  };
  const annotations = { [SENT_AT]: new Date(deps.now()).toISOString() };
  const name = `sent-${deps.now().toString(36)}-${randomBytes(4).toString('hex')}`;
  const message: Message = { apiVersion: API_VERSION, kind: 'Message', metadata: { name, annotations }, spec };
  const validate = validatorOf('Message');
  if (validate(message)) return message;
  const [fault] = validate.errors ?? [];
  throw new MuxletError('MUX_USAGE', `this is no message: ${fault?.instancePath ?? ''} ${fault?.message ?? ''}`.trim());
}

/** @throws MUX_USAGE unless exactly one of both says whom */
function addressOf(
  { to, selector }: SendFlags,
  self: { readonly project: string; readonly agent: string } | undefined,
  view: View,
): MessageSpec['to'] {
  if (to !== undefined && selector !== undefined) {
    throw new MuxletError('MUX_USAGE', '--to and --selector cannot be given together');
  }
  if (selector !== undefined) return { selector: parseLabels(selector) };
  if (to === undefined) throw new MuxletError('MUX_USAGE', 'to whom?', { hint: 'say --to TARGET, or -l LABELS' });
  return colleague(to, self, view) ?? targetOf(to, self);
}

/** In an agent's terminal a name alone is an agent of its own project, where there is one of that name. */
function colleague(
  name: string,
  self: { readonly project: string; readonly agent: string } | undefined,
  view: View,
): MessageSpec['to'] | undefined {
  const own = view.objects('Project').find(({ metadata }) => metadata.name === self?.project);
  const isThere = (own?.spec?.agents ?? own?.status.agents ?? []).some((agent) => agent.name === name);
  return self !== undefined && isThere ? { project: self.project, agent: name } : undefined;
}

/** @throws MUX_USAGE */
function targetOf(
  text: string,
  self: { readonly project: string; readonly agent: string } | undefined,
): MessageSpec['to'] {
  if (text === 'self') {
    if (self !== undefined) return self;
    throw new MuxletError('MUX_USAGE', '--to self means something in the terminal of an agent only');
  }
  const [first = '', second, ...rest] = text.split('/');
  if (first.startsWith('role:') && second === undefined) {
    if (self !== undefined) return { project: self.project, role: first.slice('role:'.length) };
    throw new MuxletError('MUX_USAGE', `in which project is ${text}?`, { hint: `say --to PROJECT/${text}` });
  }
  if (rest.length > 0 || first === '' || second === '') {
    throw new MuxletError('MUX_USAGE', `"${text}" is nobody`, { hint: 'PROJECT/AGENT, PROJECT, role:ROLE, or self' });
  }
  if (second === undefined) return { project: first };
  if (second.startsWith('role:')) return { project: first, role: second.slice('role:'.length) };
  return { project: first, agent: second };
}

function startOf(flags: SendFlags, now: number): string | undefined {
  if (flags.in !== undefined && flags.at !== undefined) {
    throw new MuxletError('MUX_USAGE', '--in and --at cannot be given together');
  }
  if (flags.in !== undefined) return new Date(now + parseDuration(flags.in)).toISOString();
  return flags.at === undefined ? undefined : timeOf(flags.at, now);
}

/** A time, or a duration from now. @throws MUX_USAGE */
function timeOf(text: string, now: number): string {
  const ms = /^\d{4}-/.test(text) ? Date.parse(text) : now + parseDuration(text);
  if (Number.isNaN(ms)) throw new MuxletError('MUX_USAGE', `"${text}" is no time`, { hint: '2026-01-31T09:00:00Z' });
  return new Date(ms).toISOString();
}

/**
 * Who is not there gets nothing, and nobody else gets it in their place.
 *
 * @throws MUX_NOT_FOUND
 */
function checkTarget({ to }: MessageSpec, view: View): void {
  const { selector } = to;
  if (selector !== undefined) {
    const wanted = Object.entries(selector);
    const isMeant = (labels: Readonly<Record<string, string>> = {}) =>
      wanted.every(([key, value]) => labels[key] === value);
    if (view.objects('Project').some(({ metadata }) => isMeant(metadata.labels))) return;
    const words = wanted.map(([key, value]) => `${key}=${value}`).join(',');
    throw new MuxletError('MUX_NOT_FOUND', `no project has the labels ${words}`);
  }
  const project = view.objects('Project').find(({ metadata }) => metadata.name === to.project);
  if (project === undefined) {
    const known = view.objects('Project').map(({ metadata }) => metadata.name);
    throw new MuxletError('MUX_NOT_FOUND', `there is no project ${to.project}`, { hint: `known: ${known.join(', ')}` });
  }
  const agents = project.spec?.agents ?? project.status.agents;
  if (to.agent !== undefined && !agents.some(({ name }) => name === to.agent)) {
    const known = agents.map(({ name }) => name).join(', ');
    throw new MuxletError('MUX_NOT_FOUND', `${to.project} has no agent ${to.agent}`, { hint: `known: ${known}` });
  }
  if (to.role !== undefined && !agents.some(({ role }) => role === to.role)) {
    const known = [...new Set(agents.flatMap(({ role }) => role ?? []))].join(', ') || 'none';
    throw new MuxletError('MUX_NOT_FOUND', `${to.project} has no agent of the role ${to.role}`, {
      hint: `roles: ${known}`,
    });
  }
}

const POLL_MS = 100;

/** @throws MUX_TIMEOUT, or MUX_CONFLICT where it was not delivered */
async function waitFor(
  name: string,
  timeoutMs: number,
  { deps, places }: { readonly deps: CliDeps; readonly places: Places },
): Promise<void> {
  const end = deps.now() + timeoutMs;
  for (;;) {
    const status = readState(places.state).object(`message/${name}`)?.status as unknown as MessageStatus | undefined;
    if (status?.finishedAt !== undefined) {
      if (status.phase === 'Delivered') return;
      const why = status.targets
        .map(({ agent, state, reason }) => `${agent}: ${state} ${reason ?? ''}`.trim())
        .join(', ');
      const message = why === '' ? (status.conditions[0]?.message ?? '') : why;
      throw new MuxletError('MUX_CONFLICT', `${name} was not delivered (${status.phase}): ${message}`);
    }
    if (deps.now() > end || deps.interrupt.aborted) {
      const waits = status?.targets.map(({ agent, reason = 'Queued' }) => `${agent}: ${reason}`).join(', ') ?? '';
      throw new MuxletError('MUX_TIMEOUT', `${name} is not delivered yet. ${waits}`.trim());
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
