import { expect, it } from 'vitest'
import { createBatchQueue, type RunBatch } from './batch-queue.ts'

/** A model with two classes, the sum of a row's tokens and its length. It records the row lengths of its batches. */
const model = () => {
  const batches: number[][] = []
  const queue = createBatchQueue(async (rows) => {
    batches.push(rows.map((row) => row.length))
    await new Promise((resolve) => setTimeout(resolve, 1))
    if (rows.some((row) => row.includes(-1))) throw new Error('invalid token')
    return {
      classes: 2,
      scores: Float32Array.from(rows.flatMap((row) => [row.reduce((a, b) => a + b, 0), row.length])),
    }
  }, 4)
  return { batches, queue }
}
const row = (length: number, token = 1): Int32Array => new Int32Array(length).fill(token)

it('sorts the rows of all waiting calls by length and answers each call in its own order', async () => {
  const { batches, queue } = model()
  const [a, b, c] = await Promise.all([
    queue.run([row(9, 2), row(1), row(5)]),
    queue.run([row(2, 7)]),
    queue.run([row(5, 3), row(1, 4)]),
  ])
  expect([...a]).toEqual([18, 9, 1, 1, 5, 5])
  expect([...b]).toEqual([14, 2])
  expect([...c]).toEqual([15, 5, 4, 1])
  expect(batches).toEqual([
    [1, 1, 2, 5],
    [5, 9],
  ])
  expect(await queue.run([])).toHaveLength(0)
})

it('skips aborted calls', async () => {
  const { batches, queue } = model()
  const controller = new AbortController()
  const long = queue.run(
    Array.from({ length: 100 }, () => row(3)),
    controller.signal,
  )
  const short = queue.run([row(8)])
  setTimeout(() => controller.abort(new Error('enough')), 3)
  await expect(long).rejects.toThrow('enough')
  expect([...(await short)]).toEqual([8, 8])
  expect(batches.length).toBeLessThan(20)
})

it('fails the calls of a failing batch, and continues with others', async () => {
  const { queue } = model()
  const failing = queue.run([row(3, -1)])
  await expect(failing).rejects.toThrow('invalid token')
  expect([...(await queue.run([row(2)]))]).toEqual([2, 2])
})

it('runs as many batches at once as the model takes', async () => {
  let [underWay, most] = [0, 0]
  const runBatch: RunBatch = async (rows) => {
    underWay += 1
    most = Math.max(most, underWay)
    // The first batches finish last.
    await new Promise((resolve) => setTimeout(resolve, 30 / (rows[0]?.length ?? 1)))
    underWay -= 1
    return { classes: 1, scores: Float32Array.from(rows, (row) => row.length) }
  }
  const queue = createBatchQueue(runBatch, 2, 3)
  const lengths = Array.from({ length: 20 }, (_, i) => 1 + ((i * 7) % 20))
  expect([...(await queue.run(lengths.map((length) => row(length))))]).toEqual(lengths)
  expect(most).toBe(3)
})

it('runs a call that fills batches on its own', async () => {
  const { batches, queue } = model()
  const filling = [row(1), row(9), row(9), row(2), row(3)]
  await Promise.all([queue.run([row(5)]), queue.run(filling), queue.run([row(6)])])
  expect(batches).toEqual([[5, 6], [1, 2, 3, 9], [9]])
})

it('cuts part of a batch only when the model can compute it at once; full batches wait in front of the model', async () => {
  const batches: number[] = []
  const finish: (() => void)[] = []
  const runBatch: RunBatch = async (rows) => {
    batches.push(rows.length)
    await new Promise<void>((resolve) => finish.push(resolve))
    return { classes: 1, scores: new Float32Array(rows.length) }
  }
  const someTurns = () => new Promise((resolve) => setTimeout(resolve, 5))
  const queue = createBatchQueue(runBatch, 4, 3, 1)
  const calls = [queue.run([row(1)])]
  await someTurns()
  for (let i = 0; i < 3; i++) {
    calls.push(queue.run([row(1)]))
    await someTurns()
  }
  expect(batches).toEqual([1])
  calls.push(queue.run([row(1), row(1)]))
  await someTurns()
  // Five rows are more than a batch.
  expect(batches).toEqual([1, 4, 1])
  finish[0]?.()
  await someTurns()
  calls.push(queue.run(Array.from({ length: 8 }, () => row(1))))
  await someTurns()
  expect(batches).toEqual([1, 4, 1, 4])
  for (let i = 1; i < 5; i++) {
    finish[i]?.()
    await someTurns()
  }
  await Promise.all(calls)
  expect(batches).toEqual([1, 4, 1, 4, 4])
})

it('cuts part of a batch only after a turn without further calls', async () => {
  const { batches, queue } = model()
  const calls = [queue.run([row(1)])]
  const arriving = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      await new Promise((resolve) => setImmediate(resolve))
      calls.push(queue.run([row(1)]))
    }
  }
  await arriving(2)
  await Promise.all(calls)
  expect(batches).toEqual([[1, 1, 1]])
  await arriving(6)
  await Promise.all(calls)
  // A full batch does not wait for more.
  expect(batches.map((lengths) => lengths.length)).toEqual([3, 4, 2])
})
