import { describe, expect, test } from 'vitest';
import type { DesiredCompletion } from '../../controller/api/completing.ts';
import { briefingOf } from '../../controller/briefing/brief.ts';
import { agentWith, FACTS, role } from './support.ts';

const first = (template: string) => briefingOf(agentWith({ role: role(template), repo: '/src/repo' }), 'first', FACTS);

describe('briefingOf', () => {
  test('says nothing to an agent that has neither role nor text', () => {
    expect(briefingOf(agentWith(undefined), 'first', FACTS)).toBeUndefined();
    expect(briefingOf(agentWith(undefined), 'recovery', FACTS)).toBeUndefined();
    expect(briefingOf(agentWith({ text: ' ' }), 'first', FACTS)).toBeUndefined();
  });

  test.each([
    ['{{ agent }}, {{ role }} of {{ project }}', 'dev, developer of shop'],
    ['{{ goal }}!', 'Sell things.!'],
    ['{{ repo }} {{ workingDir }} {{ agentDir }}', '/src/repo /src/shop /state/agents/u1'],
    [
      '{% for mate in team %}{{ mate.name }}/{{ mate.role }}/{{ mate.class }} {% endfor %}',
      'lead/orchestrator/claude dev/developer/codex log//shell',
    ],
    ['{{ hub }}', 'lead'],
  ])('renders %s', (template, text) => {
    expect(first(template)).toBe(text);
  });

  test('takes what a project lacks for nothing, and not for an error', () => {
    const { goal: _, ...facts } = FACTS;
    const agent = agentWith({
      role: role('{% if goal %}a goal{% endif %}{% if repo %}a repo{% endif %}none{{ goal }}'),
    });
    expect(briefingOf(agent, 'first', facts)).toBe('none');
  });

  test('tells how to report, with the path of the program, and to whom', () => {
    expect(first('{{ report }}')).toMatch(
      /call it \/state\/bin\/muxlet\.[^]*muxlet report done [^]*blocked [^]*question [^]*status [^]*Reports go to lead\./,
    );
    const hub = agentWith({ role: role('{{ report }}'), hub: 'dev' });
    expect(briefingOf(hub, 'first', FACTS)).toContain('Reports of the others come to you');
  });

  test('puts the own text last, and renders nothing in it', () => {
    const agent = agentWith({ role: role('A {{ agent }}.'), text: 'Mind {{ this }} and {% that' });
    expect(briefingOf(agent, 'first', FACTS)).toBe('A dev.\n\nMind {{ this }} and {% that');
    expect(briefingOf(agentWith({ text: 'All of it.' }), 'first', FACTS)).toBe('All of it.');
  });

  test('renders nothing of what a goal says', () => {
    expect(
      briefingOf(agentWith({ role: role('{{ goal }}') }), 'first', { ...FACTS, goal: '{{ nothing }} {% raw' }),
    ).toBe('{{ nothing }} {% raw');
  });

  test.each([
    ['{{ gaol }}', /^AgentRole developer \(specs\/roles\.yaml\), spec\.briefing: undefined variable: gaol, line:1/],
    ['one\n\n{{ team.first.nmae }}', /undefined variable: team\.first\.nmae, line:3/],
    ['{{ commits }}', /undefined variable: commits/],
    ['{% if goal %}', /tag .*if.* not closed, line:1/],
    ['{{ goal | shout }}', /undefined filter: shout/],
    ['{{ goal.constructor.name }}', /undefined variable/],
  ])('[S16] refuses %j, and names role, place, line and variable', (template, message) => {
    expect(() => first(template)).toThrow(
      expect.objectContaining({ code: 'MUX_TEMPLATE', message: expect.stringMatching(message) }),
    );
  });

  test('[S65] recovers with what to look at first, the reason and the commits, and says the briefing again', () => {
    const template = 'Look: {{ reason }}{% for commit in commits %}; {{ commit }}{% endfor %}';
    const agent = agentWith({ role: role('You are {{ agent }}.', template), text: 'Own.' });
    expect(briefingOf(agent, 'recovery', FACTS)).toBe(
      'Look: your program was ended by signal 9; 1a2b3c4 the cart; 0000001 a beginning\n\nYou are dev.\n\nOwn.',
    );
  });

  test('[S65] recovers an agent whose role says nothing of that, and one without a role', () => {
    const text = briefingOf(agentWith({ role: role('You are {{ agent }}.') }), 'recovery', FACTS);
    expect(text).toMatch(/started again \(your program was ended by signal 9\)[^]*1a2b3c4 the cart[^]*You are dev\.$/);
    const { reason: _, ...facts } = { ...FACTS, commits: [] };
    expect(briefingOf(agentWith({ text: 'Own.' }), 'recovery', facts)).toMatch(
      /^You were started again\. [^]*\n\nOwn\.$/,
    );
  });
});

describe('how the work is judged', () => {
  const completion: DesiredCompletion = {
    require: 'Quorum',
    quorum: 2,
    rules: [
      { name: 'r', agents: ['lead', 'dev'], of: 'All', sign: { type: 'Report' } },
      { name: 'c', agents: ['dev'], of: 'All', sign: { type: 'Commits', atLeast: 2, matching: '^done:' } },
      {
        name: 't',
        agents: ['lead', 'dev'],
        of: 'Any',
        sign: { type: 'Command', argv: ['make', 'a b'], timeoutMs: 1, everyMs: 1 },
      },
    ],
  };
  const verification = { commands: [{ argv: ['make', 'ci'], timeoutMs: 1 }], rounds: 3 };

  test('is told with how to report, from the eyes of the agent', () => {
    const agent = agentWith({ role: role('{{ report }}'), completion, verification });
    expect(briefingOf(agent, 'first', FACTS)).toMatch(
      new RegExp(
        [
          'done when 2 of these are so',
          '- muxlet report done, by lead and you',
          '- 2 or more commits with a message that matches /\\^done:/, by you',
          "- make 'a b' exits with 0, in the working directory of one of lead, you",
          'clean checkout',
          '- make ci',
        ].join('[^]*'),
      ),
    );
  });

  test('is a variable of its own, and none where nobody said so', () => {
    const template = role('{% if completion %}{{ completion }}{% else %}nothing{% endif %}');
    expect(briefingOf(agentWith({ role: template }), 'first', FACTS)).toBe('nothing');
    expect(briefingOf(agentWith({ role: template, verification }), 'first', FACTS)).toMatch(/^Then these commands/);
    expect(briefingOf(agentWith({ role: role('{{ report }}') }), 'first', FACTS)).not.toContain('undefined');
  });
});
