/** What is wrong with how a class says that its agents are read: for the person who writes it. */
import type { AgentClassSpec, FieldTest, ProvidedFile, Rule, Source } from '../generated/all.ts';
import { compileReading, type ReadingFault } from './compile.ts';

export interface ClassFault extends ReadingFault {
  /** An error: it cannot be used. A warning: it can, and hardly as it was meant. */
  readonly severity: 'Error' | 'Warning';
}

const COMMON = ['agentDir', 'hook', 'home', 'workingDir', 'project', 'agent', 'uid', 'run', 'conversation', 'port'];
const LAUNCH = [...COMMON, 'inputFile', 'prompt'];
const READ = [...LAUNCH, 'pid'];

/** Patterns that are none, templates that name what nobody knows, sources without a place, rules that never come in. */
export function checkClass(className: string, spec: AgentClassSpec): ClassFault[] {
  const faults = compileReading(className, spec).faults.map((fault) => ({ ...fault, severity: 'Error' as const }));
  const sources = spec.reading?.sources ?? [];
  return [
    ...faults,
    ...sources.flatMap((source, index) => checkSource(source, `reading.sources[${index}]`)),
    ...checkTemplates(spec),
    ...checkParts(spec),
  ];
}

const TIME_GROUPS = ['epoch', 'iso', 'seconds', 'hour'];

/** What one field needs of another, or of its own pattern, to be of any use. */
function checkParts({ delivery, limits, context, dialogs, reading }: AgentClassSpec): ClassFault[] {
  const reasons = new Set((reading?.sources ?? []).flatMap(({ rules }) => rules.map(({ reason }) => reason)));
  const { method = 'Paste', inputLine } = delivery ?? {};
  const needed = method === 'Command' ? 'command' : method === 'Http' ? 'url' : method === 'File' ? 'path' : undefined;
  const faults: (readonly [field: string, severity: ClassFault['severity'], message: string] | undefined)[] = [
    delivery !== undefined && needed !== undefined && delivery[needed] === undefined
      ? ['delivery', 'Error', `method ${method} needs ${needed}: nothing can be handed over`]
      : undefined,
    inputLine !== undefined && !groupsOf(inputLine).includes('text')
      ? ['delivery.inputLine', 'Error', "it has no group 'text': what stands in the input box cannot be told"]
      : undefined,
    context?.policy === 'compact' && context.compact === undefined
      ? ['context', 'Warning', "policy compact needs 'compact', what the agent is told: nothing is done"]
      : undefined,
    ...(dialogs ?? []).map(({ name }, index) =>
      reasons.has(name)
        ? undefined
        : ([
            `dialogs[${index}].name`,
            'Warning',
            `no rule of reading has ${name} as its reason: the dialog is never answered`,
          ] as const),
    ),
    ...(limits?.resets ?? []).map((pattern, index) =>
      groupsOf(pattern).some((name) => TIME_GROUPS.includes(name))
        ? undefined
        : ([
            `limits.resets[${index}]`,
            'Warning',
            `it has none of the groups ${TIME_GROUPS.join(', ')}: no time is read`,
          ] as const),
    ),
  ];
  return faults.flatMap((fault) =>
    fault === undefined ? [] : [{ field: fault[0], severity: fault[1], message: fault[2] }],
  );
}

function groupsOf(pattern: string): string[] {
  return [...pattern.matchAll(/\(\?<(?<name>[A-Za-z_]\w*)>/g)].map(({ groups }) => groups?.['name'] ?? '');
}

function checkSource(source: Source, field: string): ClassFault[] {
  const { type, path, pathFrom, url, rules } = source;
  const lacking =
    type === 'Http'
      ? url === undefined && 'url'
      : type === 'Transcript'
        ? path === undefined && pathFrom === undefined && 'path or pathFrom'
        : type === 'File' && path === undefined && 'path';
  const place: ClassFault[] =
    lacking === false
      ? []
      : [{ field, severity: 'Error', message: `source ${type} needs ${lacking}: nobody knows where to look` }];
  return [
    ...place,
    ...rules.flatMap((rule, index) => {
      const why = whyNever(rule, source) ?? shadow(rule, rules.slice(0, index));
      if (why === undefined) return [];
      const message = `source ${type}, rule ${rule.name ?? index + 1}: ${why}`;
      return [{ field: `${field}.rules[${index}]`, severity: 'Warning' as const, message }];
    }),
  ];
}

function whyNever({ match, pattern }: Rule, { type }: Source): string | undefined {
  const isText = type === 'Title' || type === 'Screen';
  if (isText && pattern === undefined) return 'it has no pattern, and never comes in';
  if (!isText && (match === undefined || pattern !== undefined)) {
    return 'it never comes in: what a record must hold is said by match, not by pattern';
  }
  return undefined;
}

/** A rule before it that asks for less comes in wherever this one would. */
function shadow(rule: Rule, before: readonly Rule[]): string | undefined {
  const index = before.findIndex((other) => asksForLess(other, rule));
  if (index < 0) return undefined;
  return `rule ${before[index]?.name ?? index + 1} stands before it and takes all that it would take`;
}

function asksForLess(other: Rule, rule: Rule): boolean {
  if (rule.pattern !== undefined || other.pattern !== undefined) return rule.pattern === other.pattern;
  const own = new Set((rule.match ?? []).map(testId));
  return other.match !== undefined && other.match.every((test) => own.has(testId(test)));
}

function testId({ field, is, in: list, pattern, exists, empty }: FieldTest): string {
  return JSON.stringify([field, is, list, pattern, exists, empty]);
}

function checkTemplates(spec: AgentClassSpec): ClassFault[] {
  const { start, resume, prompt, files, env, reading, delivery, auth } = spec;
  const told = [...READ, 'text'];
  const places: readonly (readonly [string, unknown, readonly string[]])[] = [
    ['start', start, LAUNCH],
    ['resume', resume, LAUNCH],
    ['prompt', prompt, LAUNCH],
    ...(files ?? []).map((file, index) => [`files[${index}]`, file, knownBy(file)] as const),
    ['env', env, LAUNCH],
    ['delivery.command', delivery?.command, told],
    ['delivery.url', delivery?.url, told],
    ['delivery.body', delivery?.body, told],
    ['delivery.path', delivery?.path, told],
    ['auth.files', auth?.files, COMMON],
    ...(reading?.sources ?? []).flatMap(({ path, url, valid, rules }, index) => {
      const field = `reading.sources[${index}]`;
      return [
        [`${field}.path`, path, READ] as const,
        [`${field}.url`, url, READ] as const,
        [`${field}.valid`, valid?.map(({ is }) => is), READ] as const,
        ...rules.flatMap((rule, at) => [
          [`${field}.rules[${at}].match`, rule.match?.map(({ is }) => is), READ] as const,
          [`${field}.rules[${at}].message`, rule.message, ['record', 'groups']] as const,
          [`${field}.rules[${at}].workId`, rule.workId, ['record', 'groups']] as const,
        ]),
      ];
    }),
  ];
  return places.flatMap(([field, value, known]) =>
    [...new Set(textsOf(value).flatMap(namesIn))]
      .filter((name) => !known.includes(name))
      .map((name) => {
        const message = `a template names ${name}, which nobody knows there; known: ${known.join(', ')}`;
        return { field, severity: 'Error' as const, message };
      }),
  );
}

/** A file that is for a variable knows that one. */
function knownBy({ ifEnv }: ProvidedFile): readonly string[] {
  return ifEnv === undefined ? LAUNCH : [...LAUNCH, 'env'];
}

/** The first word of each output: what an expression goes on to do with it is the template language's. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/\{\{-?\s*(?<name>[A-Za-z_]\w*)/g)].map(({ groups }) => groups?.['name'] ?? '');
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [key, ...textsOf(item)]);
}
