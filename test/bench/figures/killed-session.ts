import { openControl } from '../support/control.ts';
import { type Context, comparisonRow, type Figure } from '../support/figure.ts';
import { sessionLine, threeWindows } from '../support/raw.ts';
import { sampleOf } from '../support/statistics.ts';
import { pause, until } from '../support/wait.ts';
import { agentsOf, withWorld } from '../support/world.ts';

const BETWEEN_MS = 150;

const CASES = [
  { name: 'killed-session-1', what: 'killed session of three windows back', others: 0 },
  { name: 'killed-session-100', what: 'the same among 100 sessions', others: 99 },
  { name: 'killed-session-500', what: 'the same among 500 sessions', others: 499 },
] as const;

export const killedSession: readonly Figure[] = CASES.map(({ name, what, others }) => ({
  name,
  measure: (context) => measure(what, others, context),
}));

function measure(what: string, others: number, { main, quick }: Context) {
  return withWorld(main, async ({ raw, product, starts, env, fill }) => {
    await raw.start();
    await product.start();
    await fill(0, others);
    product.spec('target', agentsOf('target', starts));
    await until('the project is up', () => product.isReady('target'));
    await raw.create([['raw', threeWindows('raw', starts)]]);
    await pause(500);
    const rawKiller = await openControl(raw.socket, 'anchor', env);
    const server = await serverOf(product.socket, env);
    const killer = await openControl(server, '_muxlet', env);
    const samples = { raw: [] as number[], product: [] as number[] };

    /** The bound: one session is known to be gone, and is made again by one line. */
    const killRaw = async (): Promise<number> => {
      const started = starts.next(['raw/a', 'raw/b', 'raw/c']);
      const heard = new Promise<void>((resolve) => {
        const stop = raw.control().onNotification((line) => {
          if (!line.startsWith('sessions-changed')) return;
          stop();
          resolve();
        });
      });
      const killedAt = performance.now();
      void rawKiller.request('kill-session -t =raw');
      await heard;
      await raw.control().request(sessionLine('raw', threeWindows('raw', starts)));
      return (await started) - killedAt;
    };
    const killProduct = async (): Promise<number> => {
      const started = starts.next(['target/a', 'target/b', 'target/c']);
      const killedAt = performance.now();
      void killer.request('kill-session -t =target');
      return (await started) - killedAt;
    };
    for (let round = 0; round < (quick ? 10 : 60); round += 1) {
      samples.raw.push(await killRaw());
      await pause(BETWEEN_MS);
      samples.product.push(await killProduct());
      await pause(BETWEEN_MS);
    }
    await Promise.all([rawKiller.close(), killer.close()]);
    return [comparisonRow({ what, product: sampleOf(samples.product), raw: sampleOf(samples.raw), atMost: 2 })];
  });
}

/** Which of the product's tmux servers holds the session. */
async function serverOf(socket: string, env: Record<string, string>): Promise<string> {
  for (const name of [socket, `${socket}.1`, `${socket}.2`]) {
    const control = await openControl(name, '_muxlet', env);
    const names = await control.request(`list-sessions -F '#{session_name}'`);
    await control.close();
    if (names.includes('target')) return name;
  }
  throw new Error('no server holds the session');
}
