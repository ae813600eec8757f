import { execa } from 'execa';

/** Runs a program on our own terminal to its end; gives its exit code, 127 if it cannot be started. */
export async function runInTerminal(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const [file, ...args] = argv;
  if (file === undefined) return 127;
  const result = await execa(file, args, {
    stdio: 'inherit',
    reject: false,
    env: env as Record<string, string>,
    extendEnv: false,
  });
  return result.exitCode ?? (result.signal === undefined ? 127 : 1);
}
