/** With BENCH_VERBOSE set, tells what the controller counted: where a figure is missed, this is where one looks first. */
export async function explain(address: string): Promise<void> {
  if (process.env['BENCH_VERBOSE'] === undefined) return;
  const text = await (await fetch(`${address}/metrics`)).text();
  const told = /^muxlet_(tmux|observation|reconcile|action|queue|workqueue|state)[a-z_]*(_total|_sum|_count)\b/;
  process.stderr.write(
    `${text
      .split('\n')
      .filter((line) => told.test(line) && !line.endsWith(' 0'))
      .join('\n')}\n`,
  );
}
