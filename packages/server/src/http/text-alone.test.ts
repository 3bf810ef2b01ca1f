import fc from 'fast-check'
import { expect, it } from 'vitest'
import { limitsOf } from '../limits.ts'
import { classifyRequest } from './schemas.ts'
import { isTextAlone } from './text-alone.ts'

const limits = limitsOf({ maxTextLength: 4 })
const schema = classifyRequest(limits)

const value = fc.oneof(fc.string({ maxLength: 6, unit: 'binary' }), fc.jsonValue({ maxDepth: 1 }))
const keys = ['text', 'texts', 'topK', 'explain', '__proto__', 'constructor']
const entry = fc.tuple(fc.constantFrom(...keys), value)
const entries = fc.oneof(
  value.map((one) => [['text', one] as const]),
  fc.uniqueArray(entry, { selector: ([key]) => key, maxLength: 2 }),
)
const json = fc.oneof(
  // As the bodies of requests are read.
  entries.map((pairs) => `{${pairs.map((pair) => pair.map((part) => JSON.stringify(part)).join(':'))}}`),
  fc.json({ maxDepth: 2 }),
)

it('finds only what the schema accepts unchanged', () => {
  let found = 0
  fc.assert(
    fc.property(json, (body) => {
      const parsed: unknown = JSON.parse(body)
      if (!isTextAlone(parsed, limits.maxTextLength)) return
      found += 1
      expect(schema.safeParse(parsed)).toEqual({ success: true, data: parsed })
    }),
    { numRuns: 2000 },
  )
  expect(found).toBeGreaterThan(50)
})

it('finds a text up to the longest one', () => {
  expect(['', '논벼밭쌀', '논벼밭쌀콩'].map((text) => isTextAlone({ text }, limits.maxTextLength))).toEqual([
    true,
    true,
    false,
  ])
})
