import { createRandom, hash32 } from '@kic/core'

/** Elements of one pool of masks; a larger request makes the pool grow to twice its size. */
const POOL_ELEMENTS = 1 << 22
/** Offsets are multiples of this, so every mask starts on a cache line. */
const ALIGNMENT = 16

/** The position of a mask in a run. */
export interface MaskSite {
  readonly step: number
  readonly microBatch: number
  /** The index of the `ctx.dropout` call in the function. */
  readonly site: number
}

/** A mask as a part of a pool: the elements from `offset` on. */
export interface MaskWindow {
  /** All masks of the same rate, and of sizes that need pools of the same size, share the array. */
  readonly pool: Float32Array
  readonly offset: number
}

/** Elements of the pool of a mask with `size` elements. */
export const poolElements = (size: number): number =>
  Math.max(POOL_ELEMENTS, 2 ** Math.ceil(Math.log2(2 * size)))

/**
 * Dropout masks as windows into pools that are drawn once from the seed, one pool per rate. A mask costs no computation
 * and no copy: its offset is a hash of seed, step, micro-batch and site. Equal arguments give equal bits on every
 * machine and engine, also after a resume.
 */
export class DropoutMasks {
  readonly #pools = new Map<string, Float32Array>()
  readonly #seed: number

  constructor(seed: number) {
    this.#seed = seed
  }

  /**
   * Returns `size` factors for elements: 0 with probability `rate`, otherwise `1 / (1 - rate)`. The array is a window
   * into a shared pool and must not be written to.
   */
  mask(rate: number, size: number, site: MaskSite): Float32Array {
    const { pool, offset } = this.window(rate, size, site)
    return pool.subarray(offset, offset + size)
  }

  /** The same mask as a window, for engines that keep copies of the pools. */
  window(rate: number, size: number, { step, microBatch, site }: MaskSite): MaskWindow {
    const elements = poolElements(size)
    const offsets = Math.floor((elements - size) / ALIGNMENT) + 1
    const offset = ALIGNMENT * (hash32(this.#seed, 'dropout', step, microBatch, site) % offsets)
    return { pool: this.#pool(rate, elements), offset }
  }

  #pool(rate: number, elements: number): Float32Array {
    const key = `${rate}|${elements}`
    const known = this.#pools.get(key)
    if (known !== undefined) return known
    const random = createRandom(this.#seed, 'dropout-pool', elements)
    const kept = 1 / (1 - rate)
    const pool = new Float32Array(elements)
    for (let i = 0; i < elements; i++) if (random.next() >= rate) pool[i] = kept
    this.#pools.set(key, pool)
    return pool
  }
}
