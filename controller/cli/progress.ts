import type { CliDeps, Output } from './ports.ts';

/** Says what it is about now, in place of what was said before. */
export type Say = (text: string) => void;

type Terminal = Pick<CliDeps, 'env' | 'isTTY' | 'now' | 'stderr' | 'stdout'>;

/** What is done sooner needs no word. */
const QUIET_MS = 1000;
const REDRAW_MS = 250;
const LONGEST = 300;

/**
 * Does what may take long, with one line on standard error that says how it goes, is written over and over, and is gone in the
 * end; where that is no terminal, without. The line is cut at the terminal's edge by the terminal itself, which knows its width.
 *
 * @param work is to print by the `deps` that it is given: what is printed otherwise gets into the line
 */
export async function withProgress<Deps extends Terminal, Result>(
  deps: Deps,
  work: (say: Say, deps: Deps) => Promise<Result>,
): Promise<Result> {
  if (!deps.isTTY.stderr || deps.env['TERM'] === 'dumb') return work(() => undefined, deps);
  const line = createLine(deps);
  const timer = setInterval(line.draw, REDRAW_MS);
  const after = (output: Output): Output => ({
    write(text) {
      line.clear();
      return output.write(text);
    },
  });
  try {
    return await work(line.say, { ...deps, stdout: after(deps.stdout), stderr: after(deps.stderr) });
  } finally {
    clearInterval(timer);
    line.clear();
  }
}

function createLine({ now, stderr }: Terminal): {
  readonly draw: () => void;
  readonly clear: () => void;
  readonly say: Say;
} {
  const begunAt = now();
  let drawnAt = Number.NEGATIVE_INFINITY;
  let said = '';
  let isShown = false;

  function draw(): void {
    const spentMs = now() - begunAt;
    if (said === '' || spentMs < QUIET_MS) return;
    drawnAt = now();
    isShown = true;
    stderr.write(`\r\u001b[?7l${said} (${Math.floor(spentMs / 1000)}s)\u001b[K\u001b[?7h`);
  }

  return {
    draw,
    clear() {
      if (isShown) stderr.write('\r\u001b[K');
      isShown = false;
    },
    say(text) {
      said = text
        .replaceAll(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ')
        .trim()
        .slice(0, LONGEST);
      // What keeps the program busy lets no timer run.
      if (now() - drawnAt >= REDRAW_MS) draw();
    },
  };
}
