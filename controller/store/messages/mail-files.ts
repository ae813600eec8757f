import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isMail, type Mail } from '../../api/mail.ts';
import { readRegular } from './read-regular.ts';

/** Mailboxes on disk: state/agents/UID/inbox/ID.json, and ID.md with the text of a letter that is only pointed to. */
export interface MailFiles {
  /** Every record that is of use; one that is broken is left where it is, and out. */
  load(): Promise<readonly Mail[]>;
  /** On disk once it settles, whatever becomes of the machine. Rejects if that failed. */
  save(mail: Mail): Promise<void>;
  /** The same for a letter's text. */
  saveText(mail: Mail, text: string): Promise<void>;
  textPath(mail: Mail): string;
  remove(mail: Mail): Promise<void>;
}

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
/** A text has at most a million characters. */
const MAX_BYTES = 8 * 1024 * 1024;
/** Files that are open at the same time. */
const AT_ONCE = 32;

/** @param agents absolute: state/agents */
export function createMailFiles(agents: string, onBroken: (path: string, error: unknown) => void): MailFiles {
  const pathOf = ({ uid, id }: Mail, end: 'json' | 'md'): string => join(agents, uid, 'inbox', `${id}.${end}`);

  async function loadBox(uid: string): Promise<Mail[]> {
    const folder = join(agents, uid, 'inbox');
    const names = (await readdir(folder).catch(() => [])).filter((name) => /^[0-9a-z]+\.json$/.test(name));
    const mails: Mail[] = [];
    for (let from = 0; from < names.length; from += AT_ONCE) {
      const some = names.slice(from, from + AT_ONCE);
      mails.push(...(await Promise.all(some.map((name) => loadMail(join(folder, name), uid)))).flat());
    }
    return mails;
  }

  async function loadMail(path: string, uid: string): Promise<Mail[]> {
    try {
      const mail: unknown = JSON.parse((await readRegular(path, MAX_BYTES)) ?? '');
      if (!isMail(mail)) throw new Error('it is no record of a mail');
      if (mail.uid !== uid || `${mail.id}.json` !== basename(path)) throw new Error('it belongs elsewhere');
      return [mail];
    } catch (error) {
      onBroken(path, error);
      return [];
    }
  }

  return {
    async load() {
      const mails: Mail[] = [];
      for (const uid of await readdir(agents).catch(() => [])) mails.push(...(await loadBox(uid)));
      return mails;
    },
    save: (mail) => writeDurably(pathOf(mail, 'json'), `${JSON.stringify(mail, undefined, 2)}\n`),
    saveText: (mail, text) => writeDurably(pathOf(mail, 'md'), text),
    textPath: (mail) => pathOf(mail, 'md'),
    async remove(mail) {
      await rm(pathOf(mail, 'json'), { force: true });
      await rm(pathOf(mail, 'md'), { force: true });
    },
  };
}

/** Unlike the rest of the state (decision 0007): what is typed next must never be forgotten once it was. */
async function writeDurably(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  const temporary = `${path}.tmp`;
  const file = await open(temporary, 'w', FILE_MODE);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
