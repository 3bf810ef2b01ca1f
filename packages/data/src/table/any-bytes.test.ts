import { isKicError } from '@kic/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readClassification } from './read-classification.ts'

const text = fc.array(
  fc.constantFrom('code', 'name', 'A', '01', '"', ',', ';', '\t', '|', '\r', '\n', '\ufeff', '카'),
  {
    maxLength: 60,
  },
)
const bytes = fc.oneof(
  text.map((pieces) => new TextEncoder().encode(pieces.join(''))),
  text.map((pieces) => new TextEncoder().encode(`code,name\n${pieces.join('')}`)),
  fc.uint8Array({ maxLength: 80 }),
)

it('reads any bytes as a classification, or reports a fault', async () => {
  await fc.assert(
    fc.asyncProperty(bytes, async (given) => {
      try {
        await readClassification(given)
      } catch (error) {
        expect(isKicError(error) ? '' : error).toBe('')
      }
    }),
    { numRuns: 500 },
  )
})
