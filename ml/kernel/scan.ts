// The two sides of a candidate lie in the two lanes. All sums are exact, so the total of a leaf is the same whichever feature it
// is taken from; it is taken once per leaf.
export function scan(
  list: usize,
  count: i32,
  from: i32,
  to: i32,
  bins: i32,
  borderCounts: usize,
  regularizer: f64,
  scores: usize,
  keeps: i32,
  directions: usize,
): void {
  if (from >= to) return;
  const zero = f64x2.splat(0.0);
  const lambda = f64x2.splat(regularizer);
  const width = <usize>bins << 4;
  if (keeps == 0) memory.fill(scores + <usize>from * width, 0, <usize>(to - from) * width);
  for (let i = 0; i < count; i++) {
    const histogram = <usize>load<u32>(list + (<usize>i << 2));
    let cell = histogram + <usize>from * width;
    let total = zero;
    for (let bin: usize = 0; bin < width; bin += 16) total = f64x2.add(total, v128.load(cell + bin));
    let score = scores + <usize>from * width;
    for (let feature = from; feature < to; feature++) {
      const borders = <usize>load<i32>(borderCounts + (<usize>feature << 2)) << 4;
      const direction = directions == 0 ? 0 : load<i32>(directions + (<usize>feature << 2));
      const pooled = f64x2.splat(
        f64x2.extract_lane(total, 1) > 0 ? f64x2.extract_lane(total, 0) / (f64x2.extract_lane(total, 1) + regularizer) : 0.0,
      );
      let left = zero;
      for (let border: usize = 0; border < borders; border += 16) {
        left = f64x2.add(left, v128.load(cell + border));
        const right = f64x2.sub(total, left);
        const sums = v128.shuffle<f64>(left, right, 0, 2);
        const weights = v128.shuffle<f64>(left, right, 1, 3);
        let average = v128.and(f64x2.div(sums, f64x2.add(weights, lambda)), f64x2.gt(weights, zero));
        if (direction != 0) {
          const rise = (f64x2.extract_lane(average, 1) - f64x2.extract_lane(average, 0)) * <f64>direction;
          if (rise < 0) average = pooled;
        }
        const numerator = f64x2.mul(average, sums);
        const denominator = f64x2.mul(f64x2.mul(average, average), weights);
        const both = f64x2.add(
          v128.shuffle<f64>(numerator, denominator, 0, 2),
          v128.shuffle<f64>(numerator, denominator, 1, 3),
        );
        v128.store(score + border, f64x2.add(v128.load(score + border), both));
      }
      cell += width;
      score += width;
    }
  }
}
