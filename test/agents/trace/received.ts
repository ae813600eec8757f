// What was sent to an agent and what its program submitted to the model, side by side, and the judgement of the one by
// the other. The model API heard it: nothing that muxlet says of itself counts.

export interface Sent {
  /** The mark that the text bears in the terminal. */
  readonly id: string;
  readonly text: string;
}

export interface Delivered {
  /** Whole, once, and behind all that was sent before it. */
  readonly good: number;
  /** A line for each that was not. */
  readonly wrong: readonly string[];
}

const MARK = /\[msg (?<id>[0-9a-f]{8})(?: from [^\]]+)?\] /;
const POINTER = /^Read and carry out (?<path>\/\S+)$/;

export interface Heard {
  /** What the program passed on to its model, in order. */
  readonly prompts: readonly string[];
  /** The text of a file that a message may point to. */
  readonly contentOf: (path: string) => string;
  /** Whether muxlet says this of its own accord, as after a restart. */
  readonly isOwnWord?: (id: string) => boolean;
}

export function compareSent(sent: readonly Sent[], { prompts, contentOf, isOwnWord = () => false }: Heard): Delivered {
  const received = prompts.flatMap((prompt) => messagesIn(prompt, contentOf));
  const wrong: string[] = [];
  let lastAt = -1;
  for (const [index, { id, text }] of sent.entries()) {
    const at = received.findIndex((one) => one.id === id);
    const times = received.filter((one) => one.id === id).length;
    const got = received[at]?.text;
    if (at < 0) wrong.push(`${index}: ${id} never came: ${shortened(text)}`);
    else if (times > 1) wrong.push(`${index}: ${id} came ${times} times: ${shortened(text)}`);
    else if (got !== text) wrong.push(`${index}: ${id} is ${shortened(got)} instead of ${shortened(text)}`);
    else if (at < lastAt) wrong.push(`${index}: ${id} came before one that was sent earlier: ${shortened(text)}`);
    lastAt = Math.max(lastAt, at);
  }
  const known = new Set(sent.map(({ id }) => id));
  const strange = received.filter(({ id }) => !known.has(id) && !isOwnWord(id));
  return {
    good: sent.length - wrong.length,
    wrong: [...wrong, ...strange.map(({ id, text }) => `${id} was never sent: ${shortened(text)}`)],
  };
}

/** Several may stand in one prompt: a program that was busy submits together what it was told meanwhile. */
function messagesIn(prompt: string, contentOf: (path: string) => string): Sent[] {
  const [, ...parts] = prompt.split(new RegExp(MARK, 'g'));
  // Behind each mark that was split at stands what it caught: its id, and then the text.
  return Array.from({ length: parts.length / 2 }, (_, index) => {
    const text = (parts[2 * index + 1] ?? '').trimEnd();
    const path = POINTER.exec(text)?.groups?.['path'];
    return { id: parts[2 * index] ?? '', text: path === undefined ? text : contentOf(path).trimEnd() };
  });
}

const SHORT = 60;

function shortened(text: string | undefined): string {
  return JSON.stringify(text === undefined || text.length <= SHORT ? text : `${text.slice(0, SHORT)}…`);
}
