import { describe, expect, it } from 'vitest';
import { chooseServer } from '../../controller/tmux/servers.ts';

describe('the server for one more project', () => {
  /** How many are on each server once all that are wanted have been placed, one after the other. */
  function place(wanted: number, load = new Map<string, number>()): Map<string, number> {
    const placed = [...load.values()].reduce((sum, count) => sum + count, 0);
    for (let count = placed; count < wanted; count += 1) {
      const server = chooseServer('muxlet', { load: load, wanted: wanted });
      load.set(server, (load.get(server) ?? 0) + 1);
    }
    return load;
  }

  it('is the first one as long as that holds all that are wanted', () => {
    expect(place(250)).toEqual(new Map([['muxlet', 250]]));
  });

  it('is the one with the fewest of those that are needed', () => {
    const servers = ['muxlet', 'muxlet.1', 'muxlet.2', 'muxlet.3', 'muxlet.4', 'muxlet.5'];
    expect(place(300)).toEqual(new Map(servers.map((server) => [server, 50])));
  });

  it('is a further one where those before are full, and whichever has room again', () => {
    const full = new Map([['muxlet', 250]]);
    expect(chooseServer('muxlet', { load: full, wanted: 251 })).toBe('muxlet.1');
    expect(chooseServer('muxlet', { load: full, wanted: 250 })).toBe('muxlet.1');
    expect(chooseServer('muxlet', { load: new Map([['muxlet', 249], ['muxlet.1', 250]]), wanted: 500 })).toBe('muxlet.2'); // biome-ignore format: a table
    expect(chooseServer('muxlet', { load: place(506), wanted: 506 })).toBe('muxlet');
  });

  it('is the one on record, if that is among those that are needed and has room beside others', () => {
    const recorded = 'muxlet.1';
    const load = new Map([['muxlet', 3], [recorded, 249]]); // biome-ignore format: a table
    expect(chooseServer('muxlet', { load, wanted: 300, recorded })).toBe(recorded);
    expect(chooseServer('muxlet', { load, wanted: 200, recorded })).toBe('muxlet');
    expect(chooseServer('muxlet', { load: load.set(recorded, 250), wanted: 300, recorded })).toBe('muxlet.2');
  });
});
