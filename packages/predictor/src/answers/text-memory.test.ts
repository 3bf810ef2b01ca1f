import { expect, it } from 'vitest'
import { createTextMemory, eachOnce } from './text-memory.ts'

it('stores only the last texts', () => {
  const memory = createTextMemory<string>(2)
  const place = { computed: Promise.resolve(['a']), at: 0 }
  expect(memory.find('빵')).toBeUndefined()
  for (const text of ['빵', '쌀', '콩']) memory.remember(text, place)
  expect(['빵', '쌀', '콩'].map((text) => memory.find(text)?.at)).toEqual([undefined, 0, 0])
})

it('computes each text once, from its first request', async () => {
  const memory = createTextMemory<string>(9)
  const asked: (readonly string[])[] = []
  const compute = async (texts: readonly string[]) => {
    asked.push(texts)
    await new Promise((resolve) => setTimeout(resolve, 1))
    return texts.map((text) => `${text}!`)
  }
  const first = eachOnce(['빵', '쌀', '빵'], memory, compute)
  // The first results are still pending.
  const second = eachOnce(['콩', '쌀', '빵', '콩'], memory, compute)
  expect(asked).toEqual([['빵', '쌀'], ['콩']])
  expect(await second).toEqual(['콩!', '쌀!', '빵!', '콩!'])
  expect(await first).toEqual(['빵!', '쌀!', '빵!'])
  expect(await eachOnce(['빵', '빵'], undefined, compute)).toEqual(['빵!', '빵!'])
  expect(asked.at(-1)).toEqual(['빵'])
})

it('fails if a computation that it waits for fails', async () => {
  const memory = createTextMemory<string>(9)
  const failing = eachOnce(['빵'], memory, async () => Promise.reject(new Error('stopped')))
  const waiting = eachOnce(['쌀', '빵'], memory, async (texts) => texts)
  await expect(failing).rejects.toThrow('stopped')
  await expect(waiting).rejects.toThrow('stopped')
})
