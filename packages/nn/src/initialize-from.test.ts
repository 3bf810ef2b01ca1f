import { expect, it } from 'vitest'
import { initialize } from './initialize.ts'
import { initializeFrom } from './initialize-from.ts'
import { linearParameters } from './layer-parameters.ts'

const normal = { kind: 'normal', std: 1 } as const
const specs = [...linearParameters('a', 2, 3, normal), ...linearParameters('b', 2, 2, normal)]

it('takes the values of a checkpoint and draws the rest, bit for bit as without a checkpoint', () => {
  const checkpoint = initialize(
    [...linearParameters('a', 2, 3, normal), ...linearParameters('z', 1, 1, normal)],
    5,
  )
  const { params, fresh, unused } = initializeFrom(specs, checkpoint, 7)
  expect(Object.keys(params)).toEqual(['a.weight', 'a.bias', 'b.weight', 'b.bias'])
  expect(params['a.weight']).toBe(checkpoint['a.weight'])
  expect(params['b.weight']).toEqual(initialize(specs, 7)['b.weight'])
  expect(fresh).toEqual(['b.weight', 'b.bias'])
  expect(unused).toEqual(['z.weight', 'z.bias'])
  expect(initializeFrom(specs, {}, 7).params).toEqual(initialize(specs, 7))
})

it('refuses tensors of another size', () => {
  const checkpoint = initialize(linearParameters('a', 2, 4, normal), 5)
  expect(() => initializeFrom(specs, checkpoint, 7)).toThrowError(
    expect.objectContaining({ code: 'nn/parameter-shape' }),
  )
})
