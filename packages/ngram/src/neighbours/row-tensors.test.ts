import fc from 'fast-check'
import { expect, it } from 'vitest'
import { codedTextsOf, rowTensors } from './row-tensors.ts'

const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code))
const texts = fc.array(fc.string({ unit }), { minLength: 1, maxLength: 20 })

it('gives back every text, halves of surrogate pairs too, in two bytes a unit', () => {
  fc.assert(
    fc.property(texts, (given) => {
      const numbers = Int32Array.from(given.keys())
      const tensors = Object.fromEntries(rowTensors({ texts: given, numbers }))
      expect(codedTextsOf(tensors, given.length)).toEqual({ texts: given, numbers })
      const units = given.reduce((sum, { length }) => sum + length, 0)
      expect(tensors['rows.characters']?.data).toHaveLength(Math.ceil(units / 2))
    }),
  )
  const long = 'x'.repeat(10_001)
  const tensors = Object.fromEntries(rowTensors({ texts: [long], numbers: Int32Array.of(0) }))
  expect(codedTextsOf(tensors, 1).texts).toEqual([long])
})

it('reads or refuses any numbers', () => {
  const numbers = fc.array(fc.integer({ min: -2, max: 12 }), { maxLength: 6 })
  fc.assert(
    fc.property(numbers, numbers, numbers, (...given) => {
      const [characters = [], ends = [], labels = []] = given
      const tensors = Object.fromEntries(
        Object.entries({ characters, ends, labels }).map(([name, data]) => [
          `rows.${name}`,
          { dtype: 'int32' as const, shape: [data.length], data: Int32Array.from(data) },
        ]),
      )
      try {
        const read = codedTextsOf(tensors, 3)
        expect(read.texts.join('')).toHaveLength(ends.at(-1) ?? -1)
        expect(read.numbers.every((number) => number >= 0 && number < 3)).toBe(true)
      } catch (error) {
        expect(error).toMatchObject({ code: 'ngram/file' })
      }
    }),
  )
})
