// AssemblyScript, compiled by `npm run build:wasm` into src/optimizer/adamw-module.ts. Arguments named p, g, m, v, sum and
// x are byte offsets of float32 arrays, 16-byte aligned; n counts elements and is a multiple of 4.

/** Sum of squares of n elements, in double precision. */
export function sumOfSquares(x: usize, n: usize): f64 {
  let low = f64x2.splat(0)
  let high = f64x2.splat(0)
  const end = x + (n << 2)
  for (let at = x; at < end; at += 16) {
    const four = v128.load(at)
    const first = f64x2.promote_low_f32x4(four)
    const second = f64x2.promote_low_f32x4(
      i8x16.shuffle(four, four, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7),
    )
    low = f64x2.add(low, f64x2.mul(first, first))
    high = f64x2.add(high, f64x2.mul(second, second))
  }
  const sum = f64x2.add(low, high)
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

/** sum += x. */
export function accumulate(sum: usize, x: usize, n: usize): void {
  const bytes = n << 2
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(sum + i, f32x4.add(v128.load(sum + i), v128.load(x + i)))
  }
}

/** x *= factor. */
export function scale(x: usize, n: usize, factor: f32): void {
  const end = x + (n << 2)
  for (let at = x; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), f32x4.splat(factor)))
}

/** Just above the smallest normal float32. Smaller numbers become 0, because denormals are slow on many processors. */
const TINY: f32 = 1.2e-38

/** One AdamW update in place; see adamwScalars for the numbers. `before` and `after` are the decay on either side. */
export function adamw(
  p: usize,
  g: usize,
  m: usize,
  v: usize,
  n: usize,
  gradScale: f32,
  beta1: f32,
  oneMinusBeta1: f32,
  beta2: f32,
  oneMinusBeta2: f32,
  epsilon: f32,
  before: f32,
  after: f32,
  stepSize: f32,
  rootScale: f32,
): void {
  const tiny = f32x4.splat(TINY)
  const bytes = n << 2
  for (let i: usize = 0; i < bytes; i += 16) {
    const gradient = f32x4.mul(v128.load(g + i), f32x4.splat(gradScale))
    let first = f32x4.add(
      f32x4.mul(v128.load(m + i), f32x4.splat(beta1)),
      f32x4.mul(gradient, f32x4.splat(oneMinusBeta1)),
    )
    let second = f32x4.add(
      f32x4.mul(v128.load(v + i), f32x4.splat(beta2)),
      f32x4.mul(f32x4.mul(gradient, gradient), f32x4.splat(oneMinusBeta2)),
    )
    first = v128.and(first, f32x4.ge(f32x4.abs(first), tiny))
    second = v128.and(second, f32x4.ge(second, tiny))
    v128.store(m + i, first)
    v128.store(v + i, second)
    const root = f32x4.add(f32x4.mul(f32x4.sqrt(second), f32x4.splat(rootScale)), f32x4.splat(epsilon))
    const step = f32x4.div(f32x4.mul(first, f32x4.splat(stepSize)), root)
    const moved = f32x4.sub(f32x4.mul(v128.load(p + i), f32x4.splat(before)), step)
    v128.store(p + i, f32x4.mul(moved, f32x4.splat(after)))
  }
}
