import type { Mail } from '../../api/mail.ts';
import { isWord, mailOfWord, type Word, wordId } from '../../api/word.ts';
import type { Postman } from '../../runtime/mailbox/postman.ts';

export interface WordsOptions {
  readonly postman: Pick<Postman, 'mail' | 'mails' | 'post'>;
  /** The text of a word; undefined if there is nothing to say. */
  readonly render: (word: Word) => Promise<string | undefined>;
  readonly now: () => number;
  readonly failed: (error: unknown) => void;
}

export interface Words {
  /** Puts a word of the controller's own into an agent's mailbox, if it is not there yet. */
  say(word: Word): void;
  /** Those in the mailbox of the agent with this uid. */
  of(uid: string): readonly Mail[];
}

export function createWords({ postman, render, now, failed }: WordsOptions): Words {
  /** Words that could not be made. They are asked for again and again; that is told once. */
  const unsaid = new Set<string>();

  async function say(word: Word): Promise<void> {
    const id = wordId(word);
    if (postman.mail(word.uid, id) !== undefined) return;
    try {
      const text = await render(word);
      if (text !== undefined) await postman.post(mailOfWord(word, text, now()));
    } catch (error) {
      if (!unsaid.has(id)) failed(error);
      unsaid.add(id);
    }
  }

  return {
    say: (word) => void say(word),
    of: (uid) => postman.mails(uid).filter(isWord),
  };
}
