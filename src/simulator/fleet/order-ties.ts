/** Sorts items of the same time by descending id: a list with the newest first then has ascending ids. */
export function orderTies(
  order: Float64Array,
  timeOf: (place: number) => number,
  idOf: (place: number) => string,
): void {
  for (let from = 0; from < order.length; ) {
    const time = timeOf(order[from] ?? 0);
    let to = from + 1;
    while (to < order.length && timeOf(order[to] ?? 0) === time) to++;
    if (to - from > 1) {
      const tied = [...order.subarray(from, to)].map((place) => ({ place, id: idOf(place) }));
      tied.sort((a, b) => (a.id < b.id ? 1 : -1));
      order.set(
        tied.map(({ place }) => place),
        from,
      );
    }
    from = to;
  }
}
