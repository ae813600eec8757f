// The shortest walk that shows a program works here: started in a bare tmux pane, without muxlet.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AgentProgram, launchOf } from '../classes/agent-program.ts';
import { hashOf } from '../model-api/pieces.ts';
import { type ModelApi, startModelApi } from '../model-api/start-model-api.ts';
import { eventually } from '../support/eventually.ts';
import { type Pane, startPane } from '../support/pane.ts';
import { newWorld } from '../support/world.ts';

const LABEL = 'agent';

/** Declares the tests of one program. */
export function smokeTests(program: AgentProgram): void {
  let api: ModelApi;
  let world: ReturnType<typeof newWorld>;
  let pane: Pane | undefined;
  beforeEach(async () => {
    api = await startModelApi();
    world = newWorld(api.url(LABEL));
  });
  afterEach(async () => {
    await pane?.close();
    await api.close();
    world.remove();
  });

  test(`${program.name} takes its first message from argv, answers a second, and ends when asked`, async () => {
    const first = 'Say hello\nin two lines, with $HOME and `ticks`';
    pane = await startPane(launchOf(program, world, first));
    await pane.shows(new RegExp(`ECHO ${hashOf(first)}`));
    await pane.shows(program.ready);
    await pane.say('And once more');
    await pane.shows(new RegExp(`ECHO ${hashOf('And once more')}`));
    expect(api.prompts(LABEL)).toEqual([first, 'And once more']);
    await pane.shows(program.ready);
    await pane.say(program.quit);
    expect(await pane.ended()).toBe(0);
  });

  test(`${program.name} shows that its credential is refused, and works again when it is not`, async () => {
    api.queue(LABEL, { type: 'failure', failure: 'unauthorized', times: 100 });
    pane = await startPane(launchOf(program, world, 'Are you there?'));
    await pane.shows(program.refused);
    expect(api.clear(LABEL)).toBeLessThan(100);
    await pane.say('And now?');
    await pane.shows(new RegExp(`ECHO ${hashOf('And now?')}`));
    const answered = await eventually(
      () => api.requests(LABEL).filter(({ main, answeredBy }) => main && answeredBy === 'echo'),
      () => 'an answered request',
    );
    expect(answered).toHaveLength(1);
  });
}
