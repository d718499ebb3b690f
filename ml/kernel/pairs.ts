export function add(into: usize, part: usize, pairs: i32): void {
  for (let i: usize = 0; i < <usize>pairs << 4; i += 16) v128.store(into + i, f64x2.add(v128.load(into + i), v128.load(part + i)));
}

export function subtract(into: usize, part: usize, pairs: i32): void {
  for (let i: usize = 0; i < <usize>pairs << 4; i += 16) v128.store(into + i, f64x2.sub(v128.load(into + i), v128.load(part + i)));
}
