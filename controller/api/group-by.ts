/** The things by what `keyOf` says of each, in their order; as Map.groupBy, which Node 20 does not have yet. */
export function groupBy<Thing, Group>(
  things: Iterable<Thing>,
  keyOf: (thing: Thing) => Group,
): ReadonlyMap<Group, readonly Thing[]> {
  const groups = new Map<Group, Thing[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [thing]);
    else group.push(thing);
  }
  return groups;
}
