import { flatClassification } from '@kic/classification'
import { expect, it } from 'vitest'
import * as z from 'zod/mini'
import { parseNotes } from './model-notes.ts'
import { wrongPart } from './wrong-part.ts'

const schema = z.object({
  name: z.union([z.literal('a'), z.object({ of: z.string() })]),
  sizes: z.array(z.int().check(z.positive())),
})

it.each([
  [null, 'the file must be of type object, received null'],
  [{}, 'name must be "a" or of type object, received nothing'],
  [{ name: 'b', sizes: [] }, 'name must be "a" or of type object, received "b"'],
  [{ name: 'a', sizes: [1, 0] }, 'sizes.1 must be above 0, received 0'],
  [{ name: 'a', sizes: [1.5] }, 'sizes.0 must be of type int, received 1.5'],
  [{ name: 'a', sizes: 'x'.repeat(100) }, `sizes must be of type array, received "${'x'.repeat(59)}…`],
])('reports key, rule and value of %j', (json, said) => {
  const { error } = schema.safeParse(json)
  expect(wrongPart(error?.issues ?? [], json)).toBe(said)
})

it('is in the error for a kic.json of another version', () => {
  expect(() =>
    parseNotes({
      format: 'kic-model',
      version: 2,
      classification: flatClassification(['a', 'b']),
      script: null,
    }),
  ).toThrow('kic.json: version must be 1, received 2')
})
