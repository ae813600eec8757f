import { describe, expect, test } from 'vitest';
import { composeArgv, composeFiles } from '../../controller/template/compose-launch.ts';

const path = '{{ home }}/.tool.json';

function filesOf(files: readonly object[], env: Readonly<Record<string, string>>) {
  const agent = { class: 'tool', argv: ['tool'], args: [], env: [], program: { files } };
  const envOf = (name: string) => env[name];
  return composeFiles(agent as unknown as Parameters<typeof composeFiles>[0], {
    directory: '/state/agent',
    variables: { home: '/home/sam' },
    envOf,
  }).map(({ content }) => content);
}

describe('a file that is for a variable', () => {
  const file = { path, ifEnv: 'TOOL_KEY', json: { approved: ['{{ env.TOOL_KEY | slice: -4, 4 }}'] } };

  test('is filled in from it', () => {
    expect(filesOf([file], { TOOL_KEY: 'key-1234' })).toEqual([{ type: 'Json', value: { approved: ['1234'] } }]);
  });

  test.each([{}, { TOOL_KEY: '' }])('is left out where the agent has none or an empty one: %j', (env) => {
    expect(filesOf([file], env)).toEqual([]);
  });

  test('knows no other one, and other files know none', () => {
    const other = { path, ifEnv: 'TOOL_KEY', json: { home: '{{ env.HOME }}' } };
    expect(() => filesOf([other], { TOOL_KEY: 'a', HOME: '/' })).toThrow(/HOME/);
    expect(() => filesOf([{ path, json: { key: '{{ env.TOOL_KEY }}' } }], { TOOL_KEY: 'a' })).toThrow(/env/);
  });
});

describe('the prompt', () => {
  const argvOf = (mode: 'Start' | 'Resume', prompt: object) => {
    const program = { resume: { args: ['--go-on'] }, prompt: { args: ['--prompt', '{{ prompt }}'], ...prompt } };
    const agent = { class: 'tool', argv: ['tool'], args: ['-v'], env: [], program };
    return composeArgv(agent, mode, { prompt: 'Begin' }).join(' ');
  };

  test('comes last', () => {
    expect(argvOf('Start', {})).toBe('tool -v --prompt Begin');
    expect(argvOf('Resume', {})).toBe('tool --go-on -v --prompt Begin');
  });

  test('is left out where a conversation that goes on is told it by a message', () => {
    expect(argvOf('Start', { resumed: 'Message' })).toBe('tool -v --prompt Begin');
    expect(argvOf('Resume', { resumed: 'Message' })).toBe('tool --go-on -v');
  });
});
