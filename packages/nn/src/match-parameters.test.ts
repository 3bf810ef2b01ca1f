import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { matchParameters } from './match-parameters.ts'
import type { ParamSpec } from './param-spec.ts'
import { parameter } from './parameter.ts'

const spec = (name: string, ...shape: number[]): ParamSpec => ({
  name,
  shape,
  init: { kind: 'constant', value: 0 },
})
const floats = (...shape: number[]) =>
  ({ dtype: 'float32', shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) }) as const

it('separates found, missing and unexpected tensors', () => {
  const tensors = { extra: floats(1), b: floats(2, 3), a: floats(4) }
  const match = matchParameters([spec('a', 4), spec('b', 2, 3), spec('toString', 1)], tensors)
  expect(Object.keys(match.params)).toEqual(['a', 'b'])
  expect(match.params.b).toBe(tensors.b)
  expect(match.missing.map(({ name }) => name)).toEqual(['toString'])
  expect(match.unexpected).toEqual(['extra'])
})

it('refuses another shape or type, and reports both', () => {
  expect(() => matchParameters([spec('a', 3, 2)], { a: floats(2, 3) })).toThrowError(
    /'a' must be \[3,2\], received \[2,3\]/,
  )
  expect(() =>
    matchParameters([spec('a', 2)], { a: { dtype: 'int32', shape: [2], data: new Int32Array(2) } }),
  ).toThrowError(expect.objectContaining({ code: 'nn/parameter-dtype' }))
})

it('reports a parameter that a function reads but did not receive', () => {
  expect(() => parameter({ 'a.weight': tf.scalar(1) }, 'a.bias')).toThrowError(
    expect.objectContaining({ code: 'nn/missing-parameter', message: expect.stringContaining("'a.bias'") }),
  )
})
