import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { MuxletError } from '../../controller/api/errors.ts';
import { OUTPUT_LIMIT, renderText, type TemplateVariables } from '../../controller/template/render-text.ts';

const name = 'AgentRole developer, spec.briefing';

function errorOf(text: string, variables: TemplateVariables = {}): MuxletError {
  try {
    renderText({ name, text }, variables);
  } catch (error) {
    if (error instanceof MuxletError) return error;
  }
  throw new Error(`no MuxletError from ${text}`);
}

describe('a template', () => {
  test.each<[string, TemplateVariables, string]>([
    ['plain text, $HOME and { braces }', {}, 'plain text, $HOME and { braces }'],
    ['{{ agent }} in {{ project }}', { agent: 'dev', project: 'web' }, 'dev in web'],
    ['{% for m in team %}{{ m.name }} {% endfor %}', { team: [{ name: 'a' }, { name: 'b' }] }, 'a b '],
    ['{% if reason %}{{ reason }}{% else %}fresh{% endif %}', { reason: null }, 'fresh'],
    ['{{ goal }}', { goal: '{{ secret }}' }, '{{ secret }}'],
  ])('%s', (text, variables, expected) => {
    expect(renderText({ name, text }, variables)).toBe(expected);
  });

  test('[S16] that names an unknown variable is an error that says which, where, and what is known', () => {
    const error = errorOf('Hello\n{{ agnet }}', { agent: 'dev' });
    expect(error.code).toBe('MUX_TEMPLATE');
    expect(error.message).toContain(name);
    expect(error.message).toContain('agnet');
    expect(error.message).toContain('line:2');
    expect(error.hint).toBe('it knows agent');
  });

  test.each([
    ['an unknown filter', '{{ agent | shuot }}', 'shuot'],
    ['an unknown field', '{{ agent.name }}', 'agent.name'],
    ['a variable in a condition', '{% if gaol %}x{% endif %}', 'gaol'],
    ['what every object inherits', '{{ agent.constructor }}', 'constructor'],
    ['a tag without its end', '{% if agent %}', 'if'],
    ['an output without its end', '{{ agent', 'not closed'],
  ])('does not pass over %s', (_, text, said) => {
    expect(errorOf(text, { agent: 'dev' }).message).toContain(said);
  });

  test.each([
    ['a file', '{% include "package.json" %}'],
    ['a file with variables of its own', '{% render "package.json" %}'],
    ['a layout', '{% layout "package.json" %}'],
    ['the clock', '{{ "now" | date: "%s" }}'],
    ['chance', '{{ list | sample }}'],
  ])('cannot get at %s', (_, text) => {
    expect(existsSync('package.json')).toBe(true);
    expect(errorOf(text, { list: [1, 2] }).code).toBe('MUX_TEMPLATE');
  });

  test.each([
    ['loops without end', '{% for i in (1..1000000000) %}x{% endfor %}'],
    ['loops within loops', '{% for i in (1..2000) %}{% for j in (1..2000) %}x{% endfor %}{% endfor %}'],
    ['texts that double', `{% assign x = 'xx' %}${'{% assign x = x | append: x %}'.repeat(40)}{{ x }}`],
    ['a long text many times', '{% for i in (1..100) %}{{ long }}{% endfor %}'],
  ])('is stopped at %s', (_, text) => {
    expect(errorOf(text, { long: 'x'.repeat(OUTPUT_LIMIT / 50) }).code).toBe('MUX_TEMPLATE');
  });
});
