import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { talkers, textOf } from '../messages/support.ts';
import { projectYaml, until, type World, withWorld } from '../support/world.ts';
import { type Person, sitDown, TOP } from './support.ts';

const PRINTS = ['sh', '-c', 'i=0; while sleep 0.2; do i=$((i+1)); echo "line $i"; done'];
const BURNS = ['sh', '-c', 'while :; do :; done'];

/** Names in the order of the rows, and which of them is selected. */
async function rows(person: Person): Promise<string[]> {
  const lines = await person.screen();
  return lines.slice(5, -1).flatMap((line) => /^(?:> | {2})(?<name>[a-z]\S*)/.exec(line)?.groups?.['name'] ?? []);
}

async function leaves(person: Person, what: string): Promise<void> {
  await person.sees(/[#$]\s*$/);
  await until(`the terminal is as it was, after ${what}`, async () => (await person.terminal()) === '0 1 1');
  expect((await person.screen()).join('\n')).toContain('what stood there before');
}

async function begins(person: Person, ...flags: string[]): Promise<void> {
  await person.types(`${TOP} ${flags.join(' ')}\n`);
  await person.sees('q quit');
}

async function world(use: (it: { world: World; person: Person }) => Promise<void>): Promise<void> {
  await withWorld(async (place) => {
    const person = await sitDown(place);
    await person.types("echo 'what stood there before'\n");
    await use({ world: place, person });
  });
}

test('top shows the fleet, and its keys do what the verbs do', () =>
  world(async ({ world: place, person }) => {
    await place.start();
    place.spec('shop.yaml', projectYaml('shop', { burner: BURNS, printer: PRINTS }, { workingDir: place.work }));
    const [dev] = await talkers(place, ['dev']);
    await place.ready('shop');
    await begins(person);

    // 80 by 24: a header, headings, rows, keys; sorted by processor time.
    await person.sees(/> shop\.burner +Busy +[1-9]\d*\.\d /);
    const lines = await person.screen();
    expect(lines).toHaveLength(24);
    expect(lines[0]).toMatch(/^muxlet top - .* controller up/);
    expect(lines[1]).toMatch(/^\* Agents 3 /);
    expect(lines[4]).toMatch(/^ {2}NAME +STATE +CPU% +MEM +MSGS +AHEAD +COMMIT +EVIDENCE +AGE RST$/);
    expect((await rows(person))[0]).toBe('shop.burner');

    // Sorted by name, and the other way round.
    await person.keys('N');
    await until('by name', async () => (await rows(person)).join() === 'shop.burner,shop.printer,web.dev');
    await person.keys('I');
    await until(
      'by name, from the end',
      async () => (await rows(person)).join() === 'web.dev,shop.printer,shop.burner',
    );

    // Filtered, and all again.
    await person.types('/printer');
    await until('the filter holds', async () => (await rows(person)).join() === 'shop.printer');
    await person.keys('Enter');
    await person.sees('filter: printer');

    // Its log, which follows.
    await person.keys('Enter');
    const seen = /line (?<last>\d+)\n+Esc/.exec(await person.sees(/log of shop\.printer, following[^]*line \d+/));
    await person.sees(`line ${Number(seen?.groups?.['last'] ?? 1) + 3}`);
    await person.keys('q');
    await person.sees('filter: printer');

    // Attached, and back: what is typed meanwhile goes to the session alone.
    await person.keys('a');
    await person.sees(/\[shop\] 0:burner/);
    await person.keys('q', 'C-b', 'd');
    await person.sees('filter: printer');
    await person.keys('Escape');
    await until('all again', async () => (await rows(person)).length === 3);

    // A message arrives, as it was typed.
    await person.types('/web\n');
    await until('web alone', async () => (await rows(person)).join() === 'web.dev');
    await person.keys('m');
    await person.sees('to web.dev: _');
    await person.types('-x $(id) "q"');
    await person.sees('to web.dev: -x $(id) "q"_');
    await person.keys('Enter');
    await person.sees('is on its way to web/dev');
    await until('it arrives', () => dev?.prompts().map(textOf).join() === '-x $(id) "q"');
    await person.sees(/web\.dev .* 0\/1 /);

    // A reset, and only after a y.
    const { uid } = (await place.ready('web')).metadata;
    await person.keys('R');
    await person.sees('Reset project web?');
    await person.keys('Enter');
    await person.sees('web was not reset');
    await person.keys('R');
    await person.sees('Reset project web?');
    await person.keys('y');
    await person.sees('project/web reset');
    await until('it is another one', () => place.status('web')?.metadata.uid !== uid);

    // Suspended, and on again, from the list of projects.
    await person.keys('2');
    await person.sees(/\* Projects 2/);
    await person.types('/shop\n');
    await until('shop alone', async () => (await rows(person)).join() === 'shop');
    await person.keys('s');
    await person.sees('Suspend project shop?');
    await person.keys('n');
    await person.sees('shop was not suspended');
    await person.keys('s');
    await person.sees('Suspend project shop?');
    await person.keys('y');
    await person.sees('project/shop suspended');
    await person.sees(/shop +Suspended/);
    await person.keys('s');
    await person.sees('Have project shop go on?');
    await person.keys('y');
    await person.sees('project/shop resumed');
    await person.sees(/shop +Running +2\/2/);

    await person.keys('?');
    await person.sees('turn the order round');
    await person.keys('x', 'q');
    await leaves(person, 'q');
  }));

test('top gives the terminal back whatever ends or stops it, needs no controller, and shows hostile names as text', () =>
  world(async ({ world: place, person }) => {
    const controller = await place.start();
    place.spec('web.yaml', projectYaml('web', { dev: PRINTS }, { workingDir: place.work }));
    await place.ready('web');
    await controller.end('SIGKILL');
    // What agents say stands in these files; broken ones are no reason to fall.
    const folder = join(place.state, 'status', 'project');
    writeFileSync(join(folder, 'torn.json'), '{"apiVersion": ');
    const evil = place.status('web')!;
    const [agent] = evil.status.agents;
    Object.assign(agent!, {
      reason: '\u001b[2J\u001b]0;owned\u0007日本語',
      message: '\u202e\u001b[?1049l',
      class: 'x\r\ny',
    });
    writeFileSync(join(folder, 'web.json'), JSON.stringify(evil));

    await begins(person, '--no-color');
    expect((await person.screen())[0]).toMatch(/NO CONTROLLER, data \d+s old.*unreadable: torn\.json/);
    expect(await person.coloured()).not.toMatch(/\u001b\[(?!0?m|39m|49m)/);
    await person.resize(160, 30);
    await person.sees(/web\.dev .* x y +日本語/);
    await person.resize(30, 8);
    await person.sees(/> web\.dev +Busy/);
    await person.resize(80, 24);
    await person.sees(/> web\.dev +Busy .* 0\n/);

    await person.keys('C-z');
    await leaves(person, 'Ctrl-Z');
    await person.types('fg\n');
    await person.sees('q quit');
    await person.keys('C-c');
    await leaves(person, 'Ctrl-C');
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
      await begins(person);
      await person.keys('Enter');
      await person.sees('log of web.dev');
      signalProcess(await person.inFront(), signal);
      await leaves(person, signal);
    }

    // Piped, and on a terminal that cannot be drawn on: a table.
    await person.types(`clear; ${TOP} | cat; TERM=dumb ${TOP} queues\n`);
    await person.sees(/no controller runs[^]*web\.dev +Busy[^]*No resources found/);
  }));
