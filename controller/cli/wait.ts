import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import { parseDuration } from './duration.ts';
import { parseRelaxed } from './jsonpath/parse-template.ts';
import { placesOf } from './options.ts';
import type { CliDeps } from './ports.ts';
import { objectName } from './render/output.ts';
import { parseResources } from './resources.ts';
import { selectObjects } from './select.ts';
import { parseSelector } from './selector.ts';
import { loadView } from './view.ts';
import { type Goal, type ObjectId, waitForAll } from './wait-for.ts';

interface WaitFlags {
  readonly for: string;
  readonly timeout: string;
  readonly selector?: string;
  readonly all?: true;
}

export function addWait(program: Command, deps: CliDeps): void {
  program
    .command('wait')
    .summary('wait until objects have come to a state')
    .description('Waits until all the objects have come to a state; fails if they have not in time.')
    .argument('<resources...>', 'TYPE NAME… or TYPE/NAME…; TYPE with -l or --all')
    .requiredOption(
      '--for <goal>',
      "condition=Ready, condition=Ready=False, delete, phase=Running, or jsonpath='{.status.phase}'=Running",
    )
    .option('--timeout <duration>', 'how long to wait', '30s')
    .option('-l, --selector <labels>', 'the objects with these labels')
    .option('--all', 'all objects of the type')
    .action(async (resources: string[], flags: WaitFlags, command: Command) => {
      const goal = parseGoal(flags.for);
      const timeoutMs = parseDuration(flags.timeout);
      const places = placesOf(command, deps);
      const objects = await wantedObjects(resources, flags, { deps, places, goal });
      const message = goal.type === 'Deleted' ? 'deleted' : 'condition met';
      const reached = ({ kind, name }: ObjectId): string => `${objectName({ kind, metadata: { name } })} ${message}\n`;
      await waitForAll(objects, goal, { deps, places, timeoutMs }, reached);
    });
}

interface WaitFor {
  readonly deps: CliDeps;
  readonly places: ReturnType<typeof placesOf>;
  readonly goal: Goal;
}

/** As in kubectl, what is not there cannot be waited for, but for its deletion. */
async function wantedObjects(
  resources: readonly string[],
  { selector, all }: WaitFlags,
  { deps, places, goal }: WaitFor,
): Promise<readonly ObjectId[]> {
  const query = parseResources(resources);
  if (query.type === 'Kinds' && selector === undefined && !all) {
    throw new MuxletError('MUX_USAGE', 'name the objects, or give -l or --all');
  }
  const { objects, missing } = selectObjects(await loadView(deps, places), query, parseSelector(selector ?? ''));
  const [first] = missing;
  if (first !== undefined && goal.type !== 'Deleted') throw first;
  if (objects.length === 0 && goal.type !== 'Deleted') {
    throw new MuxletError('MUX_NOT_FOUND', 'no matching resources found');
  }
  const found = objects.map(({ kind, metadata }) => ({ kind: kind as string, name: metadata.name }));
  const gone = query.names
    .map(({ kind, name }) => ({ kind: kind.kind, name }))
    .filter((id) => !found.some(({ kind, name }) => kind === id.kind && name === id.name));
  return [...found, ...gone];
}

/** @throws MUX_USAGE for what nobody can wait for */
function parseGoal(text: string): Goal {
  if (text.toLowerCase() === 'delete') return { type: 'Deleted' };
  const condition = /^condition=([^=]+)(?:=(.+))?$/i.exec(text);
  if (condition?.[1] !== undefined) {
    return { type: 'Condition', condition: condition[1], status: condition[2] ?? 'True' };
  }
  const phase = /^phase=(.+)$/i.exec(text)?.[1];
  if (phase !== undefined) return { type: 'Phase', phase };
  const value = /^jsonpath=(\{.*\}|[^{=]+)(?:=(.*))?$/is.exec(text);
  if (value?.[1] !== undefined) return { type: 'Value', template: parseRelaxed(value[1]), value: value[2] };
  throw new MuxletError('MUX_USAGE', `cannot wait for "${text}"`, {
    hint: "condition=TYPE[=STATUS], delete, phase=PHASE, or jsonpath='{PATH}'[=VALUE]",
  });
}
