import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { openControlConnection } from '../../controller/tmux/control-connection.ts';

function connect() {
  let end = (): void => undefined;
  const ended = new Promise<{ exitCode: number | undefined; signal: string | undefined }>((resolve) => {
    end = () => {
      resolve({ exitCode: undefined, signal: 'SIGKILL' });
    };
  });
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const connection = openControlConnection(
    { pid: 1, ...streams, ended, kill: () => undefined, drop: () => undefined },
    { now: () => 0, after: () => () => undefined, onNotification: () => undefined, onReply: () => undefined },
  );
  return { connection, end };
}

test('a question that is cut off, and one that is asked afterwards, say nothing of the server', async () => {
  const { connection, end } = connect();
  const cutOff = connection.request('list-sessions');
  end();
  expect(await cutOff).toMatchObject({ type: 'Unreachable' });
  expect(await connection.request('list-sessions')).toMatchObject({ type: 'Unreachable' });
});
