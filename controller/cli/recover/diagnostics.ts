import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { MuxletError } from '../../api/errors.ts';
import { readAll } from '../../store/overlays/overlays.ts';
import { readState } from '../../store/state/read-state.ts';
import { examine } from '../doctor/checks.ts';
import { gatherFacts } from '../doctor/gather-facts.ts';
import { absolute } from '../options.ts';
import type { CliDeps, Places, SpecObject } from '../ports.ts';
import { loadView, type View } from '../view.ts';
import { createRedactor, type Redactor } from './secrets.ts';
import { type TarEntry, tarOf } from './tar.ts';

/** Lines of each agent's output. */
const LOG_LINES = 300;

/** Writes one file with everything that says how things stand, less the values of variables. @returns its path */
export async function writeDiagnostics(output: string | undefined, places: Places, deps: CliDeps): Promise<string> {
  const stamp = new Date(deps.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const folder = `muxlet-diagnostics-${stamp}`;
  const path = absolute(deps.cwd, output ?? `${folder}.tar.gz`);
  const view = await loadView(deps, places);
  const written = [...view.specs.objects, ...view.state.applied];
  const redactor = await createRedactor(written.map(withAbsoluteFiles), deps.env, deps.home);
  const parts = await partsOf(view, places, deps);
  const logs = await logsOf(view, places, deps);
  const entries = [...parts.map((part) => entryOf(part, redactor)), ...logs.map((part) => entryOf(part, redactor))];
  const archive = gzipSync(
    tarOf(
      entries.map(({ path: name, text }) => ({ path: `${folder}/${name}`, text })),
      deps.now(),
    ),
  );
  try {
    await writeFile(path, archive, { mode: 0o600 });
  } catch (cause) {
    throw new MuxletError('MUX_USAGE', `${path} cannot be written: ${String(cause)}`, {
      hint: 'name another file with -o',
      cause,
    });
  }
  return path;
}

type Part = readonly [path: string, content: unknown];

function entryOf([path, content]: Part, redactor: Redactor): TarEntry {
  if (typeof content === 'string') return { path, text: redactor.text(content) };
  return { path, text: `${JSON.stringify(redactor.value(content), undefined, 2)}\n` };
}

async function partsOf(view: View, places: Places, deps: CliDeps): Promise<readonly Part[]> {
  const reader = readState(places.state);
  const facts = await gatherFacts(places, deps);
  const { address } = view.controller ?? {};
  const metrics = address === undefined ? undefined : await deps.rescue.metrics(address);
  return [
    [
      'versions.json',
      {
        muxlet: deps.version,
        node: process.version,
        platform: `${process.platform}/${process.arch}`,
        tmux: facts.tmux.version,
        git: facts.git.version,
      },
    ],
    ['places.json', { ...places, controller: view.controller }],
    ['doctor.json', examine(facts)],
    ['specs.json', view.specs.objects],
    ['problems.json', view.specs.problems],
    ['status.json', view.state.objects],
    ['overlays.json', Object.fromEntries(readAll(places.state).records)],
    ['inventory.json', Object.fromEntries(reader.inventory())],
    ['events.json', view.state.events],
    ['journal.json', reader.journal()],
    ['world.json', worldJson(await deps.rescue.world(places))],
    ['metrics.txt', metrics ?? 'no controller answered\n'],
  ];
}

function worldJson(world: Awaited<ReturnType<CliDeps['rescue']['world']>>): unknown {
  return {
    ...world,
    wanted: Object.fromEntries(world.wanted),
    inventory: Object.fromEntries(world.inventory),
    objects: undefined,
  };
}

async function logsOf(view: View, places: Places, deps: CliDeps): Promise<readonly Part[]> {
  const agents = view
    .objects('Project')
    .flatMap(({ metadata, status }) => status.agents.map(({ name, uid }) => ({ name, uid, project: metadata.name })));
  return Promise.all(
    agents.map(async ({ name, uid, project }): Promise<Part> => {
      const lines = await deps.logs.open(places, uid).then(
        (log) => log.lines.slice(-LOG_LINES).map(({ text }) => text),
        (error: unknown) => [`cannot be read: ${String(error)}`],
      );
      return [`logs/${project}/${name}.txt`, `${lines.join('\n')}\n`];
    }),
  );
}

/** Files of variables are named from the folder of their spec. */
function withAbsoluteFiles({ object, file }: SpecObject): unknown {
  if (file === undefined) return object;
  return JSON.parse(JSON.stringify(object), (name, value: unknown) =>
    name === 'file' && typeof value === 'string' && !value.startsWith('/') && !value.startsWith('~/')
      ? join(dirname(file), value)
      : value,
  );
}
