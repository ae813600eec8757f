import type { Key } from '../api/key.ts';

/** Which project a tmux id was last seen to belong to. Only for hints: a wrong entry costs one look. */
export interface Places {
  learn(key: Key, places: readonly { readonly server: string; readonly id: string }[]): void;
  find(server: string, id: string): Key | undefined;
  forget(key: Key): void;
}

export function createPlaces(): Places {
  const keys = new Map<string, Key>();
  const own = new Map<Key, readonly string[]>();

  function forget(key: Key): void {
    for (const place of own.get(key) ?? []) if (keys.get(place) === key) keys.delete(place);
    own.delete(key);
  }

  return {
    learn(key, places) {
      forget(key);
      const names = places.map(({ server, id }) => `${server} ${id}`);
      for (const name of names) keys.set(name, key);
      own.set(key, names);
    },
    find: (server, id) => keys.get(`${server} ${id}`),
    forget,
  };
}
