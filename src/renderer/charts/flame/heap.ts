/** A binary heap of whole numbers. */
export type Heap = {
  readonly push: (item: number) => void;
  /** The least, without taking it out; -1 = empty. */
  readonly peek: () => number;
  readonly pop: () => number;
};

export function createHeap(compare: (a: number, b: number) => number): Heap {
  const items: number[] = [];
  function less(a: number, b: number): boolean {
    return compare(items[a] ?? 0, items[b] ?? 0) < 0;
  }
  function swap(a: number, b: number): void {
    const kept = items[a] ?? 0;
    items[a] = items[b] ?? 0;
    items[b] = kept;
  }
  return {
    push(item) {
      let at = items.push(item) - 1;
      while (at > 0) {
        const up = (at - 1) >> 1;
        if (!less(at, up)) break;
        swap(at, up);
        at = up;
      }
    },
    peek: () => items[0] ?? -1,
    pop() {
      const top = items[0] ?? -1;
      const last = items.pop();
      if (last === undefined || items.length === 0) return top;
      items[0] = last;
      for (let at = 0; ;) {
        const left = 2 * at + 1;
        const right = left + 1;
        let least = at;
        if (left < items.length && less(left, least)) least = left;
        if (right < items.length && less(right, least)) least = right;
        if (least === at) return top;
        swap(at, least);
        at = least;
      }
    },
  };
}
