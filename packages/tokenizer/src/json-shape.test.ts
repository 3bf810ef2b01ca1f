import { expect, it } from 'vitest'
import { asString, own } from './json-shape.ts'

it('own sees members of the object alone', () => {
  expect(own({}, 'constructor')).toBeUndefined()
  expect(own(JSON.parse('{"__proto__":1}'), '__proto__')).toBe(1)
  expect(own(JSON.parse('{"a":{"b":2}}'), '__proto__')).toBeUndefined()
})

it('asString shows what it received, cut short', () => {
  expect(() => asString(['x'.repeat(500)], 'model.unk_token')).toThrowError(
    /model\.unk_token must be a well-formed string .*, received \["x{70,80}…/,
  )
})
