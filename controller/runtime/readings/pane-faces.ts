import type { Face, Faces } from './eyes.ts';
import type { Target } from './target.ts';

/** What panes show, and what was left in them by the runs before. */
export interface PaneFaces {
  /** Gives a target what its pane shows. */
  show(target: Target, faces: Faces, now: number): void;
  /** Forgets the panes that are gone. */
  keep(faces: Faces): void;
  /** The title that another run than this one has left in the pane. */
  leftTitle(pane: Target['pane'], run: string): string | undefined;
}

export function createPaneFaces(): PaneFaces {
  /** Per pane: the title that was seen last, and in which run. */
  const titles = new Map<string, { readonly run: string; readonly title: string }>();

  return {
    show(target, { at, panes }, now) {
      const place = placeOf(target.pane);
      const face = panes.get(place);
      // Another process stands in the pane by now: what it shows is not this run's.
      if (face === undefined || face.dead || face.pid !== target.pane.pid) return;
      if (titles.get(place)?.title !== face.title || hasPrinted(target, face)) target.movedAt = now;
      titles.set(place, { run: target.mark.run, title: face.title });
      if (face.title !== target.leftTitle) target.leftTitle = undefined;
      target.face = { face: { ...face, title: target.leftTitle === undefined ? face.title : '' }, at };
    },
    keep({ panes }) {
      for (const place of titles.keys()) if (!panes.has(place)) titles.delete(place);
    },
    leftTitle(pane, run) {
      const last = titles.get(placeOf(pane));
      return last === undefined || last.run === run ? undefined : last.title;
    },
  };
}

function hasPrinted({ face }: Target, { windowActivity }: Face): boolean {
  return face?.face.windowActivity !== windowActivity;
}

function placeOf({ server, id }: Target['pane']): string {
  return `${server} ${id}`;
}
