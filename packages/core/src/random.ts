/** A deterministic stream of random numbers. Equal seeds give equal streams on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform integer in [0, limit). */
  int(limit: number): number
  /** Standard normal, by the Box-Muller transform. */
  normal(): number
  /** One element, uniformly. */
  pick<T>(items: readonly T[]): T
  /** The same items in a new, uniformly random order (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[]
}

/**
 * 32 well-mixed bits from integers and strings: the way to derive independent seeds, e.g. `hash32(seed, 'dropout', step)`.
 * MurmurHash3's block and finaliser (Appleby 2011).
 */
export const hash32 = (...parts: readonly (number | string)[]): number => {
  let h = 0x9747b28c
  const mix = (k: number): void => {
    k = Math.imul(k, 0xcc9e2d51)
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593)
    h ^= k
    h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0
  }
  for (const part of parts) {
    if (typeof part === 'number') {
      mix(part | 0)
      mix(Math.floor(part / 0x1_0000_0000) | 0)
    } else {
      for (let i = 0; i < part.length; i++) mix(part.charCodeAt(i))
      mix(part.length)
    }
  }
  h ^= h >>> 16
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** A generator seeded by any integers and strings: sfc32 (Doty-Humphrey), 128 bits of state, passes PractRand. */
export const createRandom = (...seed: readonly (number | string)[]): Random => {
  let a = hash32(...seed, 0)
  let b = hash32(...seed, 1)
  let c = hash32(...seed, 2)
  let counter = 1
  const bits = (): number => {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + t
    c |= 0
    return t >>> 0
  }
  for (let i = 0; i < 12; i++) bits()
  const next = (): number => bits() / 0x1_0000_0000
  const int = (limit: number): number => Math.floor(next() * limit)
  return {
    next,
    int,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    pick: <T>(items: readonly T[]): T => items[int(items.length)] as T,
    shuffle: <T>(items: readonly T[]): T[] => {
      const result = [...items]
      for (let i = result.length - 1; i > 0; i--) {
        const j = int(i + 1)
        const held = result[i] as T
        result[i] = result[j] as T
        result[j] = held
      }
      return result
    },
  }
}
