import { createRandom, defined } from '@kic/core'
import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { exportOnnx } from './export-onnx.ts'
import { roundRows, wholeRows } from './whole-rows.ts'

const random = createRandom('rows')
/** Rows of very different sizes, an empty one among them. */
const table = (rows: number, columns: number): Float32Array =>
  Float32Array.from({ length: rows * columns }, (_, i) => {
    const row = Math.floor(i / columns)
    return row === 3 ? 0 : random.normal() * 10 ** ((row % 30) - 15)
  })

it('rounds rows to at most half a step, and rounding again changes nothing', () => {
  const [rows, columns] = [300, 16]
  const data = table(rows, columns)
  const rounded = roundRows(data, columns)
  expect(roundRows(rounded, columns)).toEqual(rounded)
  const { matrix, scales } = defined(wholeRows(rounded, columns))
  for (let i = 0; i < data.length; i++) {
    const scale = defined(scales[Math.floor(i / columns)])
    expect(Math.fround(defined(matrix[i]) * scale)).toBe(rounded[i])
    expect(Math.abs(defined(rounded[i]) - defined(data[i]))).toBeLessThanOrEqual(0.5 * scale)
  }
  expect(wholeRows(data, columns)).toBeUndefined()
})

it('takes every table of int8 numbers and short scales', () => {
  for (let round = 0; round < 200; round++) {
    const scale = (1 + random.int(2 ** 16 - 1)) * 2 ** (random.int(40) - 30)
    const data = Float32Array.from({ length: 8 }, (_, i) => scale * (i === 0 ? 127 : random.int(255) - 127))
    expect(wholeRows(data, 8)).toEqual({
      matrix: Int8Array.from(data, (x) => x / scale),
      scales: Float32Array.of(scale),
    })
  }
})

it('leaves tables that int8 cannot hold as they are', () => {
  const rounded = roundRows(table(256, 8), 8)
  const changed = rounded.slice()
  changed[0] = defined(changed[0]) * 1.001 + 0.0001
  const lookUp = (data: Float32Array) =>
    exportOnnx(
      ({ rows }, { ids }) => {
        if (!rows || !ids) throw new Error('incomplete')
        return { out: tf.gather(rows, ids) }
      },
      { rows: { dtype: 'float32', shape: [256, 8], data } },
      { inputs: { ids: { dtype: 'int32', shape: [4] } } },
    ).length
  expect(lookUp(changed)).toBeGreaterThan(256 * 8 * 4)
  expect(lookUp(rounded)).toBeLessThan(256 * 8 * 2)
})
