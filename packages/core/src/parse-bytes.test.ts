import { expect, it } from 'vitest'
import { parseBytes } from './parse-bytes.ts'

it.each([
  ['8GiB', 8 * 2 ** 30],
  ['1.5 GB', 1.5e9],
  ['500MiB', 500 * 2 ** 20],
])('reads %s', (text, bytes) => {
  expect(parseBytes(text)).toBe(bytes)
})

it.each(['', '8', '0GiB', '-1GB', '8 gib', '1e3GB', '8TBx', '8KB'])('refuses %j', (text) => {
  expect(() => parseBytes(text)).toThrow(expect.objectContaining({ code: 'core/bytes' }))
})
