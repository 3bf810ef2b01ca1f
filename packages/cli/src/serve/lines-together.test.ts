import { setImmediate as immediate } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { linesTogether } from './lines-together.ts'

it('writes whole lines, one write at a time, however slow the reader is', async () => {
  const written: string[] = []
  let open = 0
  const { write, flush } = linesTogether({
    out: async (text) => {
      open += 1
      expect(open).toBe(1)
      await immediate()
      written.push(text)
      open -= 1
    },
  })
  const lines = Array.from({ length: 500 }, (_, i) => `{"line":${i},"text":"${'가'.repeat(i % 50)}"}\n`)
  for (const [i, line] of lines.entries()) {
    write(line)
    if (i % 7 === 0) await immediate()
  }
  await flush()
  expect(written.join('')).toBe(lines.join(''))
  expect(Math.max(...written.map((text) => Buffer.byteLength(text)))).toBeLessThanOrEqual(4096)
})

it('goes on without a reader', async () => {
  let calls = 0
  const { write, flush } = linesTogether({
    out: async () => {
      calls += 1
      throw new Error('closed')
    },
  })
  for (let i = 0; i < 3; i++) {
    write('line\n')
    await flush()
  }
  expect(calls).toBe(3)
})

it('writes lines of some milliseconds together, and waits for no more', async () => {
  const written: string[] = []
  const { write } = linesTogether({
    out: async (text) => {
      written.push(text)
    },
  })
  write('a\n')
  await immediate()
  write('b\n')
  expect(written).toEqual([])
  await vi.waitFor(() => expect(written).toEqual(['a\nb\n']))
})
