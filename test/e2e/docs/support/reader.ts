import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Block, blocksOf, readPage } from '../../../docs/support/blocks.ts';
import { commandsOf, type ShownCommand } from '../../../docs/support/commands.ts';
import { matches, matchesInAnyOrder, plain } from '../../../docs/support/matches.ts';
import { muxletLines } from '../../../docs/support/muxlet-lines.ts';
import type { ReadingWorld } from './reading-world.ts';

/** What a page shows is true by then, or the page is wrong. */
const TRUE_WITHIN_MS = 15_000;

/**
 * Follows a page from its top as a reader does: what it has one type is typed, and what it shows must come. Goes on behind what is
 * wrong, and fails with all of it.
 */
export async function follow(page: string, world: ReadingWorld): Promise<void> {
  await world.shell.run(`cd ${world.checkout}`);
  const faults: string[] = [];
  const attempt = async (step: () => void | Promise<void>): Promise<void> => {
    try {
      await step();
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error));
    }
  };
  for (const block of blocksOf(readPage(page), page)) {
    if (block.notRun !== undefined) continue;
    const { before } = block;
    if (before !== undefined) await attempt(() => prepare(block, before, world));
    if (block.file !== undefined) await attempt(() => save(block, world));
    for (const command of commandsOf(block)) await attempt(() => type(command, page, world));
  }
  if (faults.length > 0) throw new Error(faults.join('\n\n'));
}

async function prepare({ page, line }: Block, before: string, world: ReadingWorld): Promise<void> {
  const { code, output } = await world.shell.run(before);
  if (code !== 0) throw new Error(`${page}:${line}: what is run before it ended with ${code}:\n${output}`);
}

function save({ file = '', lines }: Block, world: ReadingWorld): void {
  const path = file.startsWith('~/') ? join(world.home, file.slice(2)) : join(world.checkout, file);
  mkdirSync(dirname(path), { recursive: true });
  const text = `${lines.join('\n')}\n`.replaceAll(world.shownHome, world.home);
  writeFileSync(path, text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
}

async function type({ line, text, output: shown }: ShownCommand, page: string, world: ReadingWorld): Promise<void> {
  const place = `${page}:${line}: ${text}`;
  const lines = muxletLines(text);
  if (lines.some(needsTerminal) || /^tmux .*\battach/.test(text)) return;
  const command = world.toRun(text);
  if (shown === undefined && world.seen.has(command)) return;
  if (lines.some((argv) => argv[0] === 'run' && !argv.includes('--once'))) {
    await start(place, command, shown, world);
    return;
  }
  const watched = lines.some((argv) => argv.some((word) => WATCHES.has(word)));
  const again = isReading(text, lines);
  const end = Date.now() + TRUE_WITHIN_MS;
  for (;;) {
    const { code, output } = await world.shell.run(watched ? interrupted(command) : command);
    const printed = world.asShown(output);
    if (shown === undefined ? code === 0 || (code === 1 && EXPECTED_1.test(text)) : matches(shown, printed)) {
      if (again) world.seen.add(command);
      return;
    }
    if (!again || Date.now() > end) throw new Error(`${place}\nexit ${code}\n${difference(shown, printed)}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** Has a controller run in the reader's first terminal, as pages take for granted that are not about its start. */
export async function startController(world: ReadingWorld): Promise<void> {
  await start('npm start', 'npm start', undefined, world);
}

/** What a reader has in a terminal of its own, until Ctrl-C; the one that ran there before ends. */
async function start(
  place: string,
  command: string,
  shown: readonly string[] | undefined,
  world: ReadingWorld,
): Promise<void> {
  const quoted = command.replace(/\s+#.*$/, '').replaceAll("'", "'\\''");
  await world.shell.run(`in_first_terminal '${quoted}'`);
  const end = Date.now() + TRUE_WITHIN_MS;
  for (;;) {
    const { output } = await world.shell.run('first_terminal');
    const address = /http:\/\/(?<address>127\.0\.0\.1:\d+)/.exec(output)?.groups?.['address'];
    if (address !== undefined) world.listensAt(address);
    const printed = world.asShown(output);
    if (address !== undefined && (shown === undefined || matchesInAnyOrder(shown, printed))) return;
    if (Date.now() > end) throw new Error(`${place}\n${difference(shown, printed)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Their own tests have a terminal for them. */
function needsTerminal([verb, ...rest]: readonly string[]): boolean {
  return verb === 'attach' || (verb === 'top' && !rest.includes('--once'));
}

const WATCHES = new Set(['-w', '--watch', '-f', '--follow']);

/** A command that goes on until Ctrl-C, which comes a second later. */
function interrupted(command: string): string {
  return `timeout -s INT 1 bash -c ${JSON.stringify(command)}; case $? in 124|130|0) true;; *) false;; esac`;
}

/** What they look for may be there, or not: they say so by their exit code. */
const EXPECTED_1 = /\bmuxlet (?:diff|audit)\b|\| grep [^|]+$/;

const READING = new Set(
  'get describe events logs plan diff audit doctor validate explain api-resources version recover agentclass top'.split(
    ' ',
  ),
);

/** Looking changes nothing, so that it may be done until what is shown has come. */
function isReading(text: string, lines: readonly (readonly string[])[]): boolean {
  if (lines.some(([verb]) => verb !== undefined && !READING.has(verb))) return false;
  if (lines.some((argv) => argv.includes('kill-zombie') || argv.includes('diagnostics'))) return false;
  return lines.length > 0
    ? !/\bkill\b/.test(text)
    : /^(?:ls|cat|curl -s|tmux -L \S+ (?:list|capture)|git (?:-C \S+ )?(?:log|worktree list|branch|show))\b/.test(text);
}

function difference(shown: readonly string[] | undefined, printed: string): string {
  if (shown === undefined) return printed;
  return `--- the page shows\n${shown.map((line) => (line === '…' ? line : plain(line))).join('\n')}\n--- it printed\n${plain(printed)}\n--- as it stands\n${printed}`;
}
