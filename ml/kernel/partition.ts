// Both writes are always made and only one counter moves: no branch to mispredict. `order` is written at or behind the place
// that has just been read.
export function partition(order: usize, begin: i32, end: i32, column: usize, border: i32, spare: usize): i32 {
  let keep = order + (<usize>begin << 2);
  let move = spare;
  const stop = order + (<usize>end << 2);
  for (let at = keep; at < stop; at += 4) {
    const row = load<u32>(at);
    const passes = <usize>(<i32>load<u8>(column + row) > border) << 2;
    store<u32>(keep, row);
    store<u32>(move, row);
    keep += 4 - passes;
    move += passes;
  }
  memory.copy(keep, spare, move - spare);
  return <i32>((keep - order) >> 2) - begin;
}
