/** How much is sent, and what happens meanwhile. */
export interface Plan {
  readonly messages: number;
  /** How often the controller is killed while they are on their way. */
  readonly kills: number;
  /** Agents of each sort. */
  readonly each: number;
  readonly seed: number;
}

/** What an agent does as it is written to: nothing, work on what it was told before, or come up. */
export const SORTS = ['idle', 'busy', 'starting'] as const;
export type Sort = (typeof SORTS)[number];

/** Texts of all kinds that one sends to an agent; those with several lines and the long ones go by a file. */
const KINDS: readonly string[] = [
  'do it',
  `quotes ' " and $(touch x) \`touch x\` ; #{pane_id} \\ Enter C-c ~ ! % && exit`,
  '-n --hyphens, ümläute, 😀👩‍👩‍👧, 漢字, العربية',
  // Behind such words programs offer names, and Enter may take one of them.
  'look at README.md, then at @README.md',
  'look at @README.md, then at @READ',
  'what /exit does, and /help',
  'what is $HOME, and $he',
  'what is #1, and !ls',
  `as long as a line may be: ${'wide words '.repeat(55)}`.trim(),
  'several lines\n\tone indented\n\n# one that looks like a title\n/exit\nthe last',
  `ten kilobytes\n${'0123456789abcde\n'.repeat(640)}the last`,
];

export function textOf(count: number, random: () => number): string {
  return `${count}: ${KINDS[Math.floor(random() * KINDS.length)] ?? ''}`;
}
