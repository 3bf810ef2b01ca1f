import { expect, it } from 'vitest'
import { inWindows } from './in-windows.ts'

it('yields all items in order, with a shorter last window', async () => {
  const windows: (readonly number[])[] = []
  for await (const window of inWindows([1, 2, 3, 4, 5], 2)) windows.push(window)
  expect(windows).toEqual([[1, 2], [3, 4], [5]])
  for await (const _ of inWindows([], 2)) throw new Error('no items have no window')
})

it('yields the items before a failing one, then throws its error', async () => {
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

it('closes the items if no more windows are read', async () => {
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
