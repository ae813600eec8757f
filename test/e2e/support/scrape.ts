import type { Running } from './world.ts';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export async function ask({ address }: Pick<Running, 'address'>, path: string): Promise<Answer> {
  const response = await fetch(`${address}${path}`);
  return { status: response.status, text: await response.text() };
}

/** The value of one series, written as it stands in the exposition format; undefined if there is none. */
export async function metric(running: Pick<Running, 'address'>, series: string): Promise<number | undefined> {
  const { text } = await ask(running, '/metrics');
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

/** The sum of all series of one metric. */
export async function total(running: Pick<Running, 'address'>, name: string): Promise<number> {
  const { text } = await ask(running, '/metrics');
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
