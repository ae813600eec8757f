import { expect, test } from 'vitest';
import { findKind } from '../../controller/api/kinds.ts';
import { formatProblem } from '../../controller/api/problem.ts';
import { validateInputs } from '../../controller/cli/validate-inputs.ts';
import { type Block, blocksOf, pagePaths, readPage } from './support/blocks.ts';

// What pages show as YAML is taken by the program's own validation: whole objects, and parts of them.

const blocks = pagePaths()
  .flatMap((page) => blocksOf(readPage(page), page))
  .filter(({ language }) => language === 'yaml');

const isWhole = ({ lines }: Block): boolean => lines.some((line) => line.startsWith('apiVersion:'));
/** What the controller writes, as a verb prints it. */
const isReadOnly = ({ lines }: Block): boolean => lines.includes('kind: Agent');

test.each(
  blocks
    .filter((block) => isWhole(block) && !isReadOnly(block))
    .map((block) => [`${block.page}:${block.line}`, block] as const),
)('%s is valid', (place, { lines }) => {
  const { problems } = validateInputs([{ name: place, folder: '/', text: lines.join('\n') }]);
  expect(problems.map(formatProblem)).toEqual([]);
});

/** The kind of which a page shows parts: its own, and where it has none, the one that a part names first. */
function kindOf({ page, lines }: Block): string {
  const own = findKind(/^docs\/(?<name>[a-z]+)\.md$/.exec(page)?.groups?.['name'] ?? '')?.kind;
  if (own !== undefined) return own;
  if (/^(?: {2})?receivers:/m.test(lines.join('\n'))) return 'Alert';
  return /^(?: {2})?(?:env|reading|delivery|auth|limits|command):/m.test(lines.join('\n')) ? 'AgentClass' : 'Project';
}

test.each(blocks.filter((block) => !isWhole(block)).map((block) => [`${block.page}:${block.line}`, block] as const))(
  '%s is a valid part',
  (place, block) => {
    const part = block.lines.join('\n');
    const inSpec = part.startsWith('spec:') ? part : `spec:\n${part.replaceAll(/^/gm, '  ')}`;
    const text = `apiVersion: muxlet.dev/v1alpha1\nkind: ${kindOf(block)}\nmetadata: {name: part}\n${inSpec}\n`;
    const { problems } = validateInputs([{ name: place, folder: '/', text }]);
    expect(problems.filter(({ message }) => !/\bis missing$/.test(message)).map(formatProblem)).toEqual([]);
  },
);
