/**
 * Keeps the mailboxes and empties them: one mailbox an agent, one hand at a time in each. Decides nothing itself: it
 * looks, asks what to do (reconcile/mailbox), records, does it, and looks again.
 */
import type { AgentReading } from '../../api/agent-reading.ts';
import { hasEnded, type Mail } from '../../api/mail.ts';
import type { PaneLook } from '../../api/pane-look.ts';
import { handle } from './handle.ts';
import type { Mailbox, PostmanOptions } from './mailbox.ts';
import { createMailboxes } from './mailboxes.ts';
import type { Addressee } from './ports.ts';

export interface Postman {
  /** Takes up the records of an earlier life. Before it settles nothing is put in. */
  load(): Promise<void>;
  /** Says whether the mailbox had room. What is in it already stays as it is. */
  post(mail: Omit<Mail, 'sequence'>): Promise<'Posted' | 'Known' | 'Full'>;
  /** Takes out what waits; what is under way or has ended stays. */
  withdraw(uid: string, id: string): Promise<void>;
  mail(uid: string, id: string): Mail | undefined;
  /** Everything in an agent's mailbox. */
  mails(uid: string): readonly Mail[];
  /** Mails that wait, in all mailboxes. */
  depth(): number;
  /** Where the agents of a project are now; an agent that is not named any more loses its mailbox. */
  seen(projectUid: string, agents: readonly Addressee[], complete: boolean): void;
  /** The project is gone for good. */
  forget(projectUid: string): void;
  /** Something about the agents of a project may have changed: looks now instead of a little later. */
  wake(projectUid: string): void;
  close(): void;
}

/** Mails that wait for one agent at the most. */
const CAPACITY = 1000;
/** Ended mails that are kept: so long, in milliseconds, and so many. */
const KEPT_MS = 86_400_000;
const KEPT = 200;

export function createPostman(options: PostmanOptions): Postman {
  const { clock, files, deciding, onChange, onError } = options;
  const boxes = createMailboxes();
  let sequence = 0;
  let closed = false;

  /** On disk first: memory never says what a crash would take back. */
  async function put(box: Mailbox, mail: Mail): Promise<void> {
    await files.save(mail);
    const before = box.mails.get(mail.id);
    box.mails.set(mail.id, mail);
    if (mail.tries > (before?.tries ?? 0)) options.onRetry(mail);
    if (hasEnded(mail) && mail.state !== before?.state) options.onEnd(mail);
    if (before?.state !== mail.state || before.tries !== mail.tries || before.reason !== mail.reason) onChange(mail);
  }

  /** Why something waits is told, and not worth a write. */
  function note(box: Mailbox, mail: Mail): void {
    if (box.mails.get(mail.id)?.reason === mail.reason) return;
    box.mails.set(mail.id, mail);
    onChange(mail);
  }

  function sample(box: Mailbox, reading: AgentReading | undefined): void {
    const state = reading === undefined ? '' : `${reading.run} ${reading.state}`;
    const { calm } = box;
    if (calm.state === state) calm.reads += 1;
    else box.calm = { since: clock.now(), reads: 1, state };
  }

  function schedule(box: Mailbox, inMs: number): void {
    box.cancel();
    if (closed || boxes.get(box.uid) !== box) return;
    box.cancel = clock.after(inMs, () => {
      turn(box).catch(onError);
    });
  }

  /** What changes what waits does so one after the other: of two at once, each would undo what the other wrote. */
  function exclusively<Result>(box: Mailbox, work: () => Promise<Result>): Promise<Result> {
    const mine = box.working.then(work);
    box.working = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine;
  }

  /** One hand at a time: who comes meanwhile is not lost. */
  async function turn(box: Mailbox): Promise<void> {
    if (box.busy) {
      box.again = true;
      return;
    }
    box.busy = true;
    box.cancel();
    let nextMs: number | undefined;
    try {
      nextMs = await exclusively(box, () => oneTurn(box));
    } catch (error) {
      onError(error);
      nextMs = ERROR_MS;
    } finally {
      box.busy = false;
    }
    const isAsked = box.again;
    box.again = false;
    if (isAsked) schedule(box, 0);
    else if (nextMs !== undefined) schedule(box, nextMs);
  }

  /** @returns when to come again, in milliseconds; undefined: when somebody asks for it. */
  async function oneTurn(box: Mailbox): Promise<number | undefined> {
    await prune(box);
    for (const mail of box.mails.values()) {
      const timely = deciding.notAhead(mail, clock.now());
      if (timely !== mail) await put(box, timely);
    }
    for (const mail of deciding.superseded([...box.mails.values()])) {
      await put(box, deciding.apply.ended(mail, 'Superseded', clock.now(), { reason: 'Superseded' }));
    }
    const { to } = box;
    const mails = [...box.mails.values()];
    if (to === undefined || mails.every((mail) => hasEnded(mail) && mail.state !== 'Unconfirmed')) {
      // Nobody looks while nothing waits: what was so before says nothing of what happened meanwhile.
      box.calm = { since: 0, reads: 0, state: '' };
      return undefined;
    }
    const reading = options.reading(to.projectUid, to.agent);
    sample(box, reading);
    const first = deciding.next(inputOf(box, to, reading, { type: 'NotLooked' }));
    const step = first.type === 'Look' ? deciding.next(inputOf(box, to, reading, await options.look(to))) : first;
    return handle(step, { box, to, put, note, options });
  }

  function inputOf(box: Mailbox, to: Addressee, reading: AgentReading | undefined, pane: PaneLook) {
    const now = clock.now();
    const rateWaitMs = options.rate.waitMs(now);
    if (box.calm.since > now) box.calm.since = now;
    if (box.lastBegunAt !== undefined && box.lastBegunAt > now) box.lastBegunAt = now;
    const { calm, lastBegunAt } = box;
    return { mails: [...box.mails.values()], to, reading, calm, pane, lastBegunAt, rateWaitMs, now };
  }

  async function prune(box: Mailbox): Promise<void> {
    const ended = [...box.mails.values()].filter(hasEnded).sort((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0));
    for (const [index, mail] of ended.entries()) {
      if (index < KEPT && clock.now() - (mail.endedAt ?? 0) < KEPT_MS) continue;
      box.mails.delete(mail.id);
      await files.remove(mail);
    }
  }

  function drop(box: Mailbox): void {
    box.cancel();
    box.to = undefined;
    boxes.remove(box);
    for (const mail of box.mails.values()) onChange(mail);
    // After what is under way, which would else write its record anew.
    exclusively(box, async () => {
      for (const mail of box.mails.values()) await files.remove(mail);
    }).catch(onError);
  }

  return {
    async load() {
      for (const mail of await files.load()) {
        boxes.of(mail.uid, mail.projectUid).mails.set(mail.id, mail);
        sequence = Math.max(sequence, mail.sequence);
      }
    },
    async post(words) {
      const box = boxes.of(words.uid, words.projectUid);
      // Until it is on disk it is in no list: who comes with the same meanwhile must not put it in a second time.
      if (box.mails.has(words.id) || box.arriving.has(words.id)) return 'Known';
      const waiting = [...box.mails.values()].filter((mail) => !hasEnded(mail)).length;
      if (waiting + box.arriving.size >= CAPACITY) return 'Full';
      sequence += 1;
      box.arriving.add(words.id);
      try {
        await put(box, { ...words, sequence });
      } finally {
        box.arriving.delete(words.id);
      }
      schedule(box, 0);
      return 'Posted';
    },
    async withdraw(uid, id) {
      const box = boxes.get(uid);
      if (box === undefined) return;
      await exclusively(box, async () => {
        const mail = box.mails.get(id);
        if (mail?.state !== 'Queued') return;
        box.mails.delete(id);
        await files.remove(mail);
      });
    },
    mail: (uid, id) => boxes.get(uid)?.mails.get(id),
    mails: (uid) => [...(boxes.get(uid)?.mails.values() ?? [])],
    depth: () => [...boxes.all()].flatMap(({ mails }) => [...mails.values()]).filter((mail) => !hasEnded(mail)).length,
    seen(projectUid, agents, complete) {
      for (const to of agents) {
        const box = boxes.of(to.uid, projectUid);
        const moved = box.to?.pane?.run !== to.pane?.run;
        box.to = to;
        if (moved && box.mails.size > 0) schedule(box, 0);
      }
      if (!complete) return;
      const known = new Set(agents.map(({ uid }) => uid));
      for (const box of boxes.ofProject(projectUid)) if (!known.has(box.uid)) drop(box);
    },
    forget(projectUid) {
      for (const box of boxes.ofProject(projectUid)) drop(box);
    },
    wake(projectUid) {
      for (const box of boxes.ofProject(projectUid)) {
        if (box.to !== undefined && box.mails.size > 0) turn(box).catch(onError);
      }
    },
    close() {
      closed = true;
      for (const box of boxes.all()) box.cancel();
    },
  };
}

/** After something went wrong that should not, in milliseconds. */
const ERROR_MS = 5000;
