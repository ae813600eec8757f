import { describe, expect, it } from 'vitest';
import { chooseServer } from '../../controller/tmux/servers.ts';

describe('the server for one more project', () => {
  /** How many are on each server once all that are wanted have been placed, one after the other. */
  function place(wanted: number, load = new Map<string, number>()): Map<string, number> {
    const placed = [...load.values()].reduce((sum, count) => sum + count, 0);
    for (let count = placed; count < wanted; count += 1) {
      const server = chooseServer('muxlet', load, wanted);
      load.set(server, (load.get(server) ?? 0) + 1);
    }
    return load;
  }

  it('is the first one as long as that holds all that are wanted', () => {
    expect(place(250)).toEqual(new Map([['muxlet', 250]]));
  });

  it('is the one with the fewest of those that are needed', () => {
    const load = place(300);
    expect(load).toEqual(new Map([['muxlet', 150], ['muxlet.1', 150]])); // biome-ignore format: a table
  });

  it('is a further one where those before are full, and whichever has room again', () => {
    const full = new Map([['muxlet', 250]]);
    expect(chooseServer('muxlet', full, 251)).toBe('muxlet.1');
    expect(chooseServer('muxlet', full, 250)).toBe('muxlet.1');
    expect(chooseServer('muxlet', new Map([['muxlet', 249], ['muxlet.1', 250]]), 500)).toBe('muxlet'); // biome-ignore format: a table
    expect(chooseServer('muxlet', place(501), 501)).toBe('muxlet');
  });
});
