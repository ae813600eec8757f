type Port<P> = { readonly [Name in keyof P]: (...args: never[]) => Promise<unknown> };

/**
 * A port whose maker is loaded when something is first asked of it: most verbs use one or two of all that there are, and
 * take less time to run than all of them to load.
 */
export function lazily<P extends Port<P>>(load: () => Promise<P>): P {
  let loaded: Promise<P> | undefined;
  return new Proxy({} as P, {
    get:
      (_target, name) =>
      async (...args: never[]) => {
        loaded ??= load();
        const port = await loaded;
        return port[name as keyof P](...args);
      },
  });
}
