import { join } from 'node:path';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import type { AgentClass } from '../api/generated/all.ts';
import { anchorPaths } from './anchor.ts';
import { type AgentEffect, compareAgents, type Version } from './compare.ts';
import { findProject, parseTarget } from './one-object.ts';
import { placesOf } from './options.ts';
import type { CliDeps, Places, SpecObject } from './ports.ts';
import { readInputs } from './read-inputs.ts';
import { type Colour, paintFor } from './render/colour.ts';
import { unifiedDiff } from './render/unified-diff.ts';
import { reportError } from './report-error.ts';
import { refuseInvalid, validateInputs } from './validate-inputs.ts';
import { loadView, type View } from './view.ts';

const EXIT_DIFFERENT = 1;
const EXIT_ERROR = 2;

interface DiffFlags {
  readonly filename?: readonly string[];
  readonly recursive?: true;
}

/** How a project differs. */
interface ProjectDiff {
  readonly name: string;
  readonly diff: string;
  readonly effects: readonly AgentEffect[];
}

export function addDiff(program: Command, deps: CliDeps): void {
  program
    .command('diff')
    .summary('show what differs from what runs')
    .description(
      'Shows how the specs, or what -f names, differ from what the controller last took, and what that does to each agent. Exits 0 if nothing differs, 1 if something does, more if it failed.',
    )
    .argument('[projects...]', 'PROJECT or project/PROJECT; all if none is named')
    .option('-f, --filename <path...>', 'compare what runs with this file, directory, or - for standard input')
    .option('-R, --recursive', 'also the folders below the directories of -f')
    .action(async (projects: string[], flags: DiffFlags, command: Command) => {
      try {
        const diffs = await diffProjects(projects, flags, { deps, places: placesOf(command, deps) });
        const paint = paintFor(deps.isTTY.stdout, deps.env);
        deps.stdout.write(diffs.map((diff) => renderDiff(diff, paint)).join(''));
        if (diffs.length > 0) deps.setExitCode(EXIT_DIFFERENT);
      } catch (error) {
        reportError(error, deps);
        deps.setExitCode(EXIT_ERROR);
      }
    });
}

interface DiffContext {
  readonly deps: CliDeps;
  readonly places: Places;
}

async function diffProjects(
  projects: readonly string[],
  { filename, recursive }: DiffFlags,
  { deps, places }: DiffContext,
): Promise<readonly ProjectDiff[]> {
  const view = await loadView(deps, places);
  const named = projects.map((argument) => parseTarget(argument, undefined).project);
  const wanted =
    filename === undefined ? view.specs.objects : await objectsOf(filename, recursive ?? false, { deps, places });
  const after = versionsOf(wanted, places);
  const before = versionsOf(view.state.applied, places);
  if (filename === undefined) for (const name of named) findProject(view, name);
  const all = filename === undefined ? [...new Set([...after.keys(), ...before.keys()])] : [...after.keys()];
  const names = named.length === 0 ? all.sort() : all.filter((name) => named.includes(name)).sort();
  const classes = classesOf([...view.specs.objects, ...wanted]);
  const classesBefore = classesOf([...view.specs.objects, ...view.state.applied]);
  return names.flatMap((name) => {
    const [old, next] = [before.get(name), after.get(name)];
    const running = runningAgents(view, name);
    const effects = compareAgents(old, next, { classes, classesBefore, home: deps.home, state: places.state, running });
    const diff = unifiedDiff(textOf(old), textOf(next), [`running/project/${name}`, `wanted/project/${name}`]);
    const changed = effects.filter(({ effect }) => effect !== 'is not changed');
    return diff === '' && changed.length === 0 ? [] : [{ name, diff, effects }];
  });
}

/** Objects of files that will stand in specs/ once they are applied; their relative paths start where they are now. */
async function objectsOf(
  filename: readonly string[],
  recursive: boolean,
  { deps, places }: DiffContext,
): Promise<readonly SpecObject[]> {
  const { objects, problems } = validateInputs(await readInputs(filename, { recursive }, deps));
  refuseInvalid(problems);
  return objects.map(({ object, input }) => ({
    object: anchorPaths(object, input.folder),
    file: input.file ?? join(places.specs, 'new.yaml'),
  }));
}

function versionsOf(objects: readonly SpecObject[], { specs }: Places): ReadonlyMap<string, Version> {
  const versions = new Map<string, Version>();
  for (const { object, file } of objects) {
    if (object.kind === 'Project')
      versions.set(object.metadata.name, { project: object, file: file ?? join(specs, 'x') });
  }
  return versions;
}

function classesOf(objects: readonly SpecObject[]): ReadonlyMap<string, AgentClass> {
  const classes = new Map<string, AgentClass>();
  for (const { object } of objects) if (object.kind === 'AgentClass') classes.set(object.metadata.name, object);
  return classes;
}

function runningAgents(view: View, name: string) {
  return (
    view.state.objects.find(({ kind, metadata }) => kind === 'Project' && metadata.name === name)?.status.agents ?? []
  );
}

/** With absolute paths, so that a version that only moved to another folder and means the same does not differ. */
function textOf(version: Version | undefined): string {
  if (version === undefined) return '';
  const { project, file } = version;
  return stringify(anchorPaths(project, join(file, '..')), { lineWidth: 0 });
}

function renderDiff({ name, diff, effects }: ProjectDiff, paint: ReturnType<typeof paintFor>): string {
  const coloured = diff.replaceAll(/^.*$/gm, (line) => {
    const colour = colourOf(line);
    return colour === undefined ? line : paint(colour, line);
  });
  const told = effects.map(({ agent, effect }) => `agent ${name}.${agent} ${effect}\n`);
  return `${coloured}${told.join('')}`;
}

function colourOf(line: string): Colour | undefined {
  if (line.startsWith('@@')) return 'cyan';
  if (line.startsWith('+')) return 'green';
  return line.startsWith('-') ? 'red' : undefined;
}
