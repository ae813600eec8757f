import { appendJsonLine } from '../../act/deliver/append.ts';
import { dropBuffer, loadBuffer, pasteBuffer, pressKeys, type Typed } from '../../act/deliver/paste.ts';
import { postJson } from '../../act/deliver/post.ts';
import { hasCode } from '../../api/errors.ts';
import type { Delivery } from '../../api/generated/all.ts';
import type { Mail } from '../../api/mail.ts';
import { runInGroup } from '../../exec/run-in-group.ts';
import { BUFFER } from '../../observe/pane-look.ts';
import type { Addressee, AddresseePane, Courier, Handed } from '../../runtime/mailbox/ports.ts';
import { renderJson } from '../../template/render-json.ts';
import { renderText, type TemplateVariables } from '../../template/render-text.ts';
import { tmuxEnvironment } from '../../tmux/environment.ts';
import type { TmuxChannel } from '../../tmux/reply.ts';

export interface CourierOptions {
  readonly server: (name: string) => TmuxChannel;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the class's templates know of the agent's present run. */
  readonly variables: (to: Addressee) => TemplateVariables;
}

const COMMAND_MS = 30_000;
const ACCEPTED: Handed = { type: 'Done', accepted: true };

/** Hands mails over in the ways that a class may name. */
export function createCourier({ server, env, variables }: CourierOptions): Courier {
  const deliveryOf = ({ program }: Addressee): Delivery => program.delivery ?? {};

  async function inPane(
    to: Addressee,
    act: (pane: AddresseePane, tmux: TmuxChannel) => Promise<Typed>,
  ): Promise<Handed> {
    if (to.pane === undefined) return notDone(false, 'NotRunning', 'it has no pane');
    const typed = await act(to.pane, server(to.pane.server));
    switch (typed.type) {
      case 'Done':
        return { type: 'Done', accepted: false };
      case 'Refused':
        return notDone(false, 'PaneNotReady', typed.error);
      case 'Unknown':
        return { type: 'Unknown', detail: typed.error };
    }
  }

  function press(to: Addressee, keys: readonly string[]): Promise<Handed> {
    const owner = { project: to.project, uid: to.projectUid };
    return inPane(to, (pane, tmux) => pressKeys(tmux, pane, owner, keys));
  }

  async function hand(to: Addressee, mail: Mail, handed: string): Promise<Handed> {
    const { method = 'Paste', command = [], url = '', body = {}, path = '' } = deliveryOf(to);
    const known = { ...variables(to), text: handed, id: mail.id };
    const fill = (field: string, text: string): string => renderText({ name: `delivery.${field}`, text }, known);
    switch (method) {
      case 'Paste': {
        const owner = { project: to.project, uid: to.projectUid };
        return inPane(to, (pane, tmux) => pasteBuffer(tmux, pane, owner, `${BUFFER}${mail.id}`));
      }
      case 'Command':
        return run(
          to,
          command.map((word, index) => fill(`command[${index}]`, word)),
        );
      case 'Http': {
        const posted = await postJson(fill('url', url), renderJson('delivery.body', body, known));
        if (posted.type === 'Accepted') return ACCEPTED;
        if (posted.type === 'Refused') return notDone(true, 'RequestFailed', posted.error);
        return { type: 'Unknown', detail: posted.error };
      }
      case 'File':
        await appendJsonLine(fill('path', path), renderJson('delivery.body', body, known));
        return { type: 'Done', accepted: false };
    }
  }

  async function run(
    { project, projectUid, agent, workingDir, pane }: Addressee,
    argv: readonly string[],
  ): Promise<Handed> {
    const own = {
      MUXLET_UID: projectUid,
      MUXLET_PROJECT: project,
      MUXLET_AGENT: agent,
      ...(pane !== undefined && { MUXLET_RUN: pane.run }),
    };
    const signal = new AbortController().signal;
    const options = { cwd: workingDir, env: { ...tmuxEnvironment(env), ...own }, timeoutMs: COMMAND_MS, signal };
    const result = await runInGroup(argv, options);
    switch (result.type) {
      case 'Exited':
        if (result.exitCode === 0) return ACCEPTED;
        return notDone(true, 'CommandFailed', `exited with ${result.exitCode}: ${lastLine(result.output)}`);
      case 'NotStarted':
        return notDone(true, 'CommandFailed', `${argv[0]}: ${result.code}`);
      case 'Signalled':
      case 'TimedOut':
      case 'Aborted':
        return { type: 'Unknown', detail: `the command did not come to its end (${result.type})` };
    }
  }

  return {
    async prepare(to, mail, handed) {
      if ((deliveryOf(to).method ?? 'Paste') !== 'Paste') return ACCEPTED;
      return inPane(to, (_pane, tmux) => loadBuffer(tmux, `${BUFFER}${mail.id}`, handed));
    },
    hand: (to, mail, handed) => hand(to, mail, handed).catch(notWritten),
    submit: (to) => press(to, deliveryOf(to).submit ?? ['Enter']),
    async discard({ pane, program }, { id }) {
      if (pane === undefined || (program.delivery?.method ?? 'Paste') !== 'Paste') return;
      await dropBuffer(server(pane.server), `${BUFFER}${id}`);
    },
    clear: async (to) => {
      const keys = deliveryOf(to).clear;
      return keys === undefined ? notDone(false, 'NoClear', 'its class does not say how') : press(to, keys);
    },
  };
}

function notDone(isTry: boolean, reason: string, detail: string): Handed {
  return { type: 'NotDone', isTry, reason, detail };
}

/** A template that asks for what there is not, a file that cannot be written: nothing was handed over. */
function notWritten(error: unknown): Handed {
  const reason = hasCode(error, 'MUX_TEMPLATE') ? 'TemplateFailed' : 'DeliveryFailed';
  return notDone(true, reason, error instanceof Error ? error.message : String(error));
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
}
