import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { projectYaml, until, withWorld } from '../support/world.ts';

/** Words that a shell or tmux would run, expand or split, if it ever saw them as its own. */
function hostileWords(touch: string): string[] {
  return [
    `#(touch ${touch})`,
    `##(touch ${touch})`,
    '#{pane_id}#S #{E:@x}%%',
    `$(touch ${touch})`,
    `\`touch ${touch}\``,
    `; touch ${touch} ;`,
    `' ; touch ${touch} ; '`,
    `" ; run-shell 'touch ${touch}' ; "`,
    `} ; run-shell 'touch ${touch}' ; {`,
    '-t',
    '',
    ' ',
    '~',
    '*',
    '\\',
    '\\;',
    'tail\\',
    ';',
    'a;',
    '{ }',
    'it\'s "quoted"',
    'tab\there',
    'two\nlines',
    'cr\rlf\r\n',
    'bell\u0007 escape\u001b[31m del\u007f',
    'Größe 漢字 👩‍💻',
    '%end 1 2 3',
    'x'.repeat(20_000),
  ];
}

const SHOW = `
const { writeFileSync, renameSync } = require('node:fs');
const [, out, ...words] = process.argv;
writeFileSync(out + '.new', JSON.stringify({ words, env: process.env, cwd: process.cwd() }));
renameSync(out + '.new', out);
setInterval(() => {}, 1e6);
`;

test('[S88] names and values that would execute arrive literally: in arguments, variables and the working directory, at each way to start', () =>
  withWorld(async (world) => {
    const touched = join(world.work, 'touched');
    const words = hostileWords(touched);
    const workingDir = join(world.work, `#(touch ${'T'}) $(touch T) ;'"#S \`x\``);
    mkdirSync(workingDir);
    const out = join(world.work, 'shown.json');
    const env = words.map((value, index) => ({ name: `V${index}`, value }));
    const command = [process.execPath, '-e', SHOW, out, ...words];
    await world.start();
    world.spec('web.yaml', projectYaml('web', { first: { command, env, workingDir }, dev: ['sleep', '100000'] }));

    for (const restart of [undefined, 'kill', 'window', 'session'] as const) {
      const before = await world.ready('web');
      const [agent] = before.status.agents;
      if (restart === 'kill') signalProcess(agent?.pid, 'SIGKILL');
      if (restart === 'window') await world.tmux('kill-window', '-t', '=web:first');
      if (restart === 'session') await world.tmux('kill-session', '-t', '=web');
      const shown = await until(`it has shown what it got (${restart ?? 'created'})`, () => {
        const text = JSON.parse(readFileSync(out, 'utf8'));
        const now = world.agent('web', 'first');
        return (
          now?.ready && now.run === text.env.MUXLET_RUN && (restart === undefined || now.run !== agent?.run) && text
        );
      });
      expect(shown.words).toEqual(words);
      expect(words.map((_, index) => shown.env[`V${index}`])).toEqual(words);
      expect(shown.cwd).toBe(workingDir);
    }
    expect(existsSync(touched)).toBe(false);
    expect(readdirSync(workingDir)).toEqual([]);
    expect(readdirSync(world.work).sort()).toEqual([workingDir.slice(world.work.length + 1), 'shown.json'].sort());
  }));
