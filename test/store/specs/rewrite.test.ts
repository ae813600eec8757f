import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  appendObject,
  removeObject,
  renderObject,
  replaceObject,
  setMetadata,
} from '../../../controller/store/specs/rewrite.ts';
import type { Rewrite } from '../../../controller/store/specs/rewriting.ts';
import { validateText } from '../../../controller/store/specs/validate-text.ts';
import { parseYaml } from '../../../controller/store/specs/yaml-documents.ts';
import { agentClass, project } from './support.ts';

const HAND_WRITTEN = `# yaml-language-server: $schema=../project.schema.json
# The web team.

apiVersion: muxlet.dev/v1alpha1
kind: Project
metadata:
    name:   web      # four blanks, on purpose
    labels: {team: a,  tier: 'gold'}   # flow
    annotations:
        # why
        note: "it's odd"   # keep me
spec:
  agents:
  - name: dev            # no indentation
    command: [ sh, -c,
               "exec sleep infinity" ]

    # restarts
    restartPolicy: Always
  - name: ops
    env:
      - {name: A, value: x}
`;
const OTHERS = [`---\n# second\n${project('two')}   # ends oddly\n`, `---   # third\n{ kind : AgentClass , "x":1 }\n`];
const FILE = HAND_WRITTEN + OTHERS.join('');

function textOf(rewrite: Rewrite): string {
  expect(rewrite.type).toBe('Rewritten');
  return rewrite.type === 'Rewritten' ? rewrite.text : '';
}

function valuesOf(text: string): readonly unknown[] {
  const { documents, problems } = parseYaml(text, 'f');
  expect(problems).toEqual([]);
  return documents.map(({ value }) => value);
}

/** Lines that only one of the texts has: `- ` of the first, `+ ` of the second. */
function difference(before: string, after: string): string[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  const removed = a.filter((line) => !b.includes(line)).map((line) => `-${line}`);
  return [...removed, ...b.filter((line) => !a.includes(line)).map((line) => `+${line}`)];
}

describe('setMetadata', () => {
  it.each([
    [
      'labels',
      { team: 'b' },
      ["-    labels: {team: a,  tier: 'gold'}   # flow", "+    labels: {team: b,  tier: 'gold'}   # flow"],
    ],
    [
      'labels',
      { tier: 'tin' },
      ["-    labels: {team: a,  tier: 'gold'}   # flow", '+    labels: {team: a,  tier: "tin"}   # flow'],
    ],
    [
      'labels',
      { new: 'x y' },
      ["-    labels: {team: a,  tier: 'gold'}   # flow", "+    labels: {team: a,  tier: 'gold', new: x y}   # flow"],
    ],
    [
      'labels',
      { team: null },
      ["-    labels: {team: a,  tier: 'gold'}   # flow", "+    labels: {tier: 'gold'}   # flow"],
    ],
    ['labels', { tier: null }, ["-    labels: {team: a,  tier: 'gold'}   # flow", '+    labels: {team: a}   # flow']],
    ['labels', { team: null, tier: null }, ["-    labels: {team: a,  tier: 'gold'}   # flow"]],
    ['annotations', { more: 'yes' }, ['+        more: "yes"']],
    ['annotations', { 'a.b/c': '{x}\n- y: z\n' }, ['+        a.b/c: |', '+          {x}', '+          - y: z']],
    [
      'annotations',
      { note: 'short' },
      ['-        note: "it\'s odd"   # keep me', '+        note: "short"   # keep me'],
    ],
  ] as const)('touches nothing but the lines of the change: %s %j', (field, changes, expected) => {
    const text = textOf(setMetadata(FILE, 'Project', 'web', { field, changes }));
    expect(difference(FILE, text)).toEqual(expected);
    expect(text.endsWith(OTHERS.join(''))).toBe(true);
  });

  it('adds labels where there were none, in block and in flow style', () => {
    const flow = textOf(setMetadata(project('web'), 'Project', 'web', { field: 'labels', changes: { a: 'b' } }));
    expect(flow).toContain('metadata: {name: web, labels: {a: b}}\n');
    const block = textOf(
      setMetadata(renderObject(valuesOf(project('web'))[0]), 'Project', 'web', {
        field: 'labels',
        changes: { a: 'b' },
      }),
    );
    expect(block).toContain('metadata:\n  name: web\n  labels:\n    a: b\nspec:\n');
  });

  it('keeps the indentation of JSON, and its final line break or its lack', () => {
    for (const [indent, ending] of [
      ['\t', '\n'],
      ['   ', ''],
      ['', '\n'],
    ]) {
      const text = JSON.stringify(valuesOf(project('web'))[0], undefined, indent) + ending;
      const changed = textOf(setMetadata(text, 'Project', 'web', { field: 'labels', changes: { a: 'b' } }));
      const object = JSON.parse(text) as { metadata: object };
      expect(changed).toBe(
        JSON.stringify({ ...object, metadata: { ...object.metadata, labels: { a: 'b' } } }, undefined, indent) + ending,
      );
    }
  });

  it('keeps Windows line ends of what it does not touch', () => {
    const text = project('web').replaceAll('\n', '\r\n');
    const changed = textOf(setMetadata(text, 'Project', 'web', { field: 'labels', changes: { a: 'b' } }));
    expect(changed).toBe(text.replace('{name: web}', '{name: web, labels: {a: b}}'));
  });

  it('changes an object whose parts are aliases', () => {
    const text = project('web').replace('{name: web}', '{name: web, labels: &l {a: b}, annotations: *l}');
    const changed = valuesOf(
      textOf(setMetadata(text, 'Project', 'web', { field: 'annotations', changes: { c: 'd' } })),
    )[0];
    expect(changed).toMatchObject({ metadata: { labels: { a: 'b' }, annotations: { a: 'b', c: 'd' } } });
    expect((changed as { metadata: { labels: object } }).metadata.labels).toEqual({ a: 'b' });
  });
});

describe('replaceObject', () => {
  const before = valuesOf(FILE)[0] as { metadata: object; spec: { agents: object[] } };

  it('changes only the fields that differ', () => {
    const agents = [
      { ...before.spec.agents[0], restartPolicy: 'Never' },
      before.spec.agents[1]!,
      { name: 'qa', command: ['x'] },
    ];
    const text = textOf(replaceObject(FILE, 'Project', 'web', { ...before, spec: { workingDir: '/srv', agents } }));
    expect(difference(FILE, text)).toEqual([
      '-    restartPolicy: Always',
      '+    restartPolicy: Never',
      '+  - name: qa',
      '+    command:',
      '+      - x',
      '+  workingDir: /srv',
    ]);
  });

  it('keeps comments where the lines cannot be changed alone', () => {
    const text = FILE.replace('- name: ops', '- class: shell\n    # the operator\n    name: ops # yes');
    const wanted = valuesOf(text.replace('- class: shell\n    # the operator\n    name', '- name'))[0] as object;
    const changed = textOf(replaceObject(text, 'Project', 'web', wanted));
    expect(valuesOf(changed)[0]).toEqual(wanted);
    expect(changed).toContain('# the operator');
    expect(changed).toContain('name: ops # yes');
    expect(changed).toContain('# four blanks, on purpose');
  });

  it('takes an agent out of the middle and leaves the others as they stand', () => {
    const text = textOf(
      replaceObject(FILE, 'Project', 'web', { ...before, spec: { agents: [before.spec.agents[1]] } }),
    );
    expect(text).toContain('  agents:\n  - name: ops\n    env:\n      - {name: A, value: x}\n---\n# second');
  });
});

describe('removeObject', () => {
  it.each([
    ['Project', 'web', OTHERS.join('')],
    ['Project', 'two', HAND_WRITTEN + OTHERS[1]],
  ] as const)('takes out the whole document of %s %s and no byte beside', (kind, name, expected) => {
    expect(textOf(removeObject(FILE, kind, name))).toBe(expected);
  });

  it('says when nothing is left', () => {
    expect(removeObject(HAND_WRITTEN, 'Project', 'web')).toEqual({ type: 'Emptied' });
    expect(removeObject(JSON.stringify(valuesOf(HAND_WRITTEN)[0]), 'Project', 'web')).toEqual({ type: 'Emptied' });
  });

  it('takes an item out of a List, and the List with its last item', () => {
    const list = (...names: string[]) =>
      `kind: List\nitems:\n${names.map((name) => `  # ${name}\n  - {kind: Project, metadata: {name: ${name}}}\n`).join('')}`;
    const text = textOf(removeObject(list('a', 'b', 'c'), 'Project', 'b'));
    expect(text).toBe(list('a', 'b', 'c').replace('  - {kind: Project, metadata: {name: b}}\n', ''));
    expect(removeObject(list('a'), 'Project', 'a')).toEqual({ type: 'Emptied' });
  });

  it('keeps directives and document ends where they belong', () => {
    const text = `%YAML 1.2\n---\n${project('a')}...\n%YAML 1.2\n---\n${project('b')}...\n`;
    expect(valuesOf(textOf(removeObject(text, 'Project', 'a')))).toEqual(valuesOf(project('b')));
    expect(valuesOf(textOf(removeObject(text, 'Project', 'b')))).toEqual(valuesOf(project('a')));
  });

  it('knows what is not there, and what cannot be read', () => {
    expect(removeObject(FILE, 'Project', 'three').type).toBe('NotFound');
    expect(removeObject(`${FILE}---\na: [`, 'Project', 'web').type).toBe('Unparsable');
  });
});

describe('appendObject', () => {
  it('leaves what was there, and turns a JSON object into a List', () => {
    const object = valuesOf(agentClass('x', 'y'))[0] as object;
    const text = textOf(appendObject(FILE, object));
    expect(text.startsWith(FILE)).toBe(true);
    expect(valuesOf(text)).toEqual([...valuesOf(FILE), object]);
    expect(valuesOf(textOf(appendObject('# only a comment', object)))).toEqual([object]);
    const json = JSON.stringify(valuesOf(project('a'))[0], undefined, 2);
    const { objects, problems } = validateText(textOf(appendObject(json, object)), 'f');
    expect(problems).toEqual([]);
    expect(objects.map(({ name }) => name)).toEqual(['a', 'x']);
  });
});

describe('any object', () => {
  const key = fc.constantFrom('a', 'b', 'c.d/e', 'yes', '1', 'x y', ':', '', '# k');
  const text = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom('yes', '1', '~', '- a', 'a: b', '#x', ' x ', '|', 'a\nb\n', '*a', '\t', "'", '{'),
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      text,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(key, tie('any'), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).any;
  const object = (name: string) =>
    fc
      .dictionary(key, value, { maxKeys: 4, noNullPrototype: true })
      .map((spec) => ({ apiVersion: 'muxlet.dev/v1alpha1', kind: 'Project', metadata: { name }, spec }));
  const layout = fc.constantFrom<(value: object) => string>(
    (one) => renderObject(one),
    (one) => renderObject(one, 'x.json'),
    (one) => `# flow\n${JSON.stringify(one)}\n`,
    (one) => `${JSON.stringify(one, undefined, 2)}\n# after\n`,
  );

  it('reads back as what it was replaced with, and other documents keep every byte', () => {
    fc.assert(
      fc.property(object('web'), object('web'), object('other'), layout, (before, after, other, render) => {
        const [head, tail] = [`# head\n${renderObject(other)}`, `---\n# tail\nkind:   List\n`];
        const changed = textOf(replaceObject(`${head}---\n${render(before)}${tail}`, 'Project', 'web', after));
        expect(changed.startsWith(`${head}---\n`)).toBe(true);
        expect(changed.endsWith(tail)).toBe(true);
        expect(valuesOf(changed)).toEqual([other, after, { kind: 'List' }]);
      }),
      { numRuns: 300 },
    );
  });

  it('reads back as what was rendered', () => {
    fc.assert(
      fc.property(object('web'), layout, (one, render) => {
        expect(valuesOf(render(one))).toEqual([one]);
      }),
    );
  });
});
