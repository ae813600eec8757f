import type { Mailbox } from './mailbox.ts';

/** The mailboxes, by agent and by project: each look at a project asks for its own, however many others there are. */
export interface Mailboxes {
  get(uid: string): Mailbox | undefined;
  /** That of an agent, made if there is none. An agent's project never changes: its uid is made from the project's. */
  of(uid: string, projectUid: string): Mailbox;
  ofProject(projectUid: string): readonly Mailbox[];
  all(): Iterable<Mailbox>;
  remove(box: Mailbox): void;
}

export function createMailboxes(): Mailboxes {
  const boxes = new Map<string, Mailbox>();
  const projects = new Map<string, Set<Mailbox>>();

  return {
    get: (uid) => boxes.get(uid),
    of(uid, projectUid) {
      const known = boxes.get(uid);
      if (known !== undefined) return known;
      const box = emptyBox(uid, projectUid);
      boxes.set(uid, box);
      projects.set(projectUid, (projects.get(projectUid) ?? new Set()).add(box));
      return box;
    },
    ofProject: (projectUid) => [...(projects.get(projectUid) ?? [])],
    all: () => boxes.values(),
    remove(box) {
      if (boxes.get(box.uid) === box) boxes.delete(box.uid);
      const others = projects.get(box.projectUid);
      others?.delete(box);
      if (others?.size === 0) projects.delete(box.projectUid);
    },
  };
}

function emptyBox(uid: string, projectUid: string): Mailbox {
  return {
    uid,
    projectUid,
    mails: new Map(),
    to: undefined,
    calm: { since: 0, reads: 0, state: '' },
    lastBegunAt: undefined,
    busy: false,
    again: false,
    arriving: new Set(),
    working: Promise.resolve(),
    cancel: () => undefined,
  };
}
