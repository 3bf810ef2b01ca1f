import fc from 'fast-check'
import { type Classification, createClassification } from '../classification.ts'

/** Any classification of one to five levels: codes that say nothing of their parents, in any order. */
export const randomTree: fc.Arbitrary<Classification> = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.infiniteStream(fc.integer({ min: 0, max: 1e6 })))
  .map(([depth, stream]) => {
    const next = (below: number): number => Number(stream.next().value) % below
    let above: readonly string[] = []
    const levels = Array.from({ length: depth }, (_, at) => {
      const nodes = Array.from({ length: 1 + next(6) }, (_, i) => {
        const code = `${'abcde'[at]}${i}`
        const parent = above[next(Math.max(1, above.length))]
        return parent === undefined ? { code, name: code } : { code, name: code, parent }
      })
      above = nodes.map(({ code }) => code)
      return { name: `level${at + 1}`, nodes }
    })
    return createClassification('random', levels)
  })
