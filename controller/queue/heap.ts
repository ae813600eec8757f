/** An entry of the heap; it knows its place, so that it can be moved without a search. */
export interface Entry<Key> {
  readonly key: Key;
  dueAt: number;
  /** Order among entries of the same time. */
  readonly order: number;
  index: number;
}

/** A binary heap with the earliest entry at [0]: push, pop and `rise` are O(log n). */
export type Heap<Key> = Entry<Key>[];

export function push<Key>(heap: Heap<Key>, entry: Entry<Key>): void {
  entry.index = heap.length;
  heap.push(entry);
  rise(heap, entry);
}

export function pop<Key>(heap: Heap<Key>): Entry<Key> | undefined {
  const [first] = heap;
  const last = heap.pop();
  if (first === undefined || last === undefined || first === last) return first;
  place(heap, last, 0);
  sink(heap, last);
  return first;
}

/** Restores the order after `entry` became earlier. */
export function rise<Key>(heap: Heap<Key>, entry: Entry<Key>): void {
  let parent = heap[(entry.index - 1) >> 1];
  while (entry.index > 0 && parent !== undefined && isBefore(entry, parent)) {
    swap(heap, entry, parent);
    parent = heap[(entry.index - 1) >> 1];
  }
}

function sink<Key>(heap: Heap<Key>, entry: Entry<Key>): void {
  let child = earlierChild(heap, entry);
  while (child !== undefined && isBefore(child, entry)) {
    swap(heap, child, entry);
    child = earlierChild(heap, entry);
  }
}

function earlierChild<Key>(heap: Heap<Key>, { index }: Entry<Key>): Entry<Key> | undefined {
  const left = heap[2 * index + 1];
  const right = heap[2 * index + 2];
  if (left === undefined || right === undefined) return left;
  return isBefore(right, left) ? right : left;
}

function isBefore<Key>(a: Entry<Key>, b: Entry<Key>): boolean {
  return a.dueAt === b.dueAt ? a.order < b.order : a.dueAt < b.dueAt;
}

function swap<Key>(heap: Heap<Key>, a: Entry<Key>, b: Entry<Key>): void {
  const { index } = a;
  place(heap, a, b.index);
  place(heap, b, index);
}

function place<Key>(heap: Heap<Key>, entry: Entry<Key>, index: number): void {
  heap[index] = entry;
  entry.index = index;
}
