import fc from 'fast-check'
import { expect, it } from 'vitest'
import { keyCheck, keyOf, parseApiKeys } from './api-keys.ts'

const [ONE, TWO] = ['first-key-0123456789', 'second-key-0123456789']

it('reads one key per line', () => {
  expect(parseApiKeys(`# office\n${ONE}\r\n\n  ${TWO}  \n`)).toEqual([ONE, TWO])
})

it.each([
  ['\n# none\n', 'at least one key, received none'],
  [`${ONE}\nshort\n`, 'received 5 at line 2'],
  [`${ONE} ${TWO}`, 'others at line 1'],
  ['열쇠열쇠열쇠열쇠열쇠열쇠열쇠열쇠', 'others at line 1'],
])('refuses %j without quoting it', (text, message) => {
  expect(() => parseApiKeys(text)).toThrowError(
    expect.objectContaining({ code: 'server/api-keys', message: expect.stringContaining(message) }),
  )
  expect(() => parseApiKeys(text)).not.toThrowError(ONE)
})

it('accepts the keys and nothing else', () => {
  const accepts = keyCheck([ONE, TWO])
  expect([accepts(ONE), accepts(TWO)]).toEqual([true, true])
  fc.assert(fc.property(fc.string(), (given) => !accepts(given)))
  for (const near of ['', ONE.slice(1), `${ONE} `, ONE + TWO, ONE.toUpperCase()])
    expect(accepts(near)).toBe(false)
})

it('finds the key of a request', () => {
  expect(keyOf({ authorization: `Bearer ${ONE}` })).toBe(ONE)
  expect(keyOf({ 'x-api-key': ONE, authorization: `Bearer ${TWO}` })).toBe(ONE)
  for (const authorization of ['', 'Bearer', 'Bearer ', `Basic ${ONE}`, `Bearer ${ONE} ${TWO}`, ONE])
    expect(keyOf({ authorization })).toBeUndefined()
})
