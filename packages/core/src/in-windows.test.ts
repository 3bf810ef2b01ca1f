import { expect, it } from 'vitest'
import { inWindows } from './in-windows.ts'

it('gives all items in order, the last window shorter', async () => {
  const windows: (readonly number[])[] = []
  for await (const window of inWindows([1, 2, 3, 4, 5], 2)) windows.push(window)
  expect(windows).toEqual([[1, 2], [3, 4], [5]])
  for await (const _ of inWindows([], 2)) throw new Error('no items have no window')
})

it('gives what came before a failing item, then its error', async () => {
  async function* items() {
    yield* [1, 2, 3]
    throw new Error('torn')
  }
  const windows: (readonly number[])[] = []
  await expect(async () => {
    for await (const window of inWindows(items(), 2)) windows.push(window)
  }).rejects.toThrow('torn')
  expect(windows).toEqual([[1, 2], [3]])
})

it('lets go of the items where nobody wants further windows', async () => {
  let open = true
  function* items() {
    try {
      yield* [1, 2, 3, 4, 5]
    } finally {
      open = false
    }
  }
  for await (const window of inWindows(items(), 2)) {
    expect(window).toEqual([1, 2])
    break
  }
  expect(open).toBe(false)
})
