import type { Profile } from '@kic/engine'

/** What the matrix products of a profile do. */
export interface Products {
  readonly gflop: number
  /** Milliseconds a round. */
  readonly ms: number
  /** Share of the profile's time. */
  readonly share: number
}

const PRODUCT = /^(?:MatMul|FusedMatMul|Gemm|FusedGemm) \[([\d,]+)\] \[([\d,]+)\].* → \[([\d,]+)\]$/

/**
 * Multiply-adds follow from the sizes of operands and result alone, whichever is transposed: of b products
 * [m, k] × [k, n] the sizes multiply to b³ · (m·k·n)².
 */
const multiplyAdds = (a: readonly number[], b: readonly number[], c: readonly number[]): number => {
  const size = (shape: readonly number[]): number => shape.reduce((x, y) => x * y, 1)
  return Math.sqrt((size(a) * size(b) * size(c)) / size(c.slice(0, -2)))
}

/** The matrix products of a profile. */
export const productsOf = ({ shapes }: Profile): Products => {
  let [gflop, ms, share] = [0, 0, 0]
  for (const entry of shapes) {
    const [a, b, c] = (PRODUCT.exec(entry.name) ?? []).slice(1).map((text) => text.split(',').map(Number))
    if (a === undefined || b === undefined || c === undefined) continue
    gflop += (2 * entry.calls * multiplyAdds(a, b, c)) / 1e9
    ms += entry.ms
    share += entry.share
  }
  return { gflop, ms, share }
}
