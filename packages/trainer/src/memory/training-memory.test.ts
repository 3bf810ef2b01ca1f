import { selectEngine } from '@kic/engine'
import { expect, it } from 'vitest'
import { tinyLoss, tinyParams } from '../__fixtures__/tiny-task.ts'
import { madeUpTokens } from '../speed/made-up-tokens.ts'
import { countParameters, describeMemory, trainingMemory } from './training-memory.ts'

const params = tinyParams()
const specs = Object.entries(params).map(([name, { shape }]) => ({ name, shape }))
const bytesOf = (tensors: typeof params): number =>
  Object.values(tensors).reduce((sum, { data }) => sum + data.byteLength, 0)

it('is what the arrays of a training take, with and without frozen parameters', async () => {
  const engine = await selectEngine('cpu')
  const [first = ''] = Object.keys(params)
  for (const frozen of [() => false, (name: string) => name === first]) {
    const placed = engine.place(params)
    const trainable = (name: string): boolean => !frozen(name)
    const step = engine.trainStep({
      params: placed,
      loss: tinyLoss,
      trainable,
      optimizer: { kind: 'adamw' },
      seed: 1,
    })
    const labels = { dtype: 'int32' as const, shape: [2], data: new Int32Array(2) }
    await step([{ ...madeUpTokens(30, 2, 6), labels }], { learningRate: 1e-3 })
    const { moments } = await step.state()
    const memory = trainingMemory(specs, frozen)
    expect(memory.parameters).toBe(bytesOf(await placed.read()))
    expect(memory.moments).toBe(bytesOf(moments))
    expect(memory.gradients).toBe(bytesOf(moments) / 2)
    step.dispose()
    placed.dispose()
  }
  engine.dispose()
})

it('counts and describes', () => {
  const table = { name: 'table', shape: [1024, 1024] }
  expect(countParameters([table, { name: 'scalar', shape: [] }])).toBe(2 ** 20 + 1)
  expect(describeMemory(trainingMemory([table]))).toBe(
    '4 MiB of parameters, 4 MiB of gradients, 8 MiB of moments',
  )
})
