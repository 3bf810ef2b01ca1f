import { createRandom, KicError, type Random } from '@kic/core'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import type { NnErrorCode } from './error-code.ts'
import type { Initializer, ParamSpec } from './param-spec.ts'

/**
 * Fresh values for these parameters. Each depends only on the seed and its own name, so adding, removing or reordering
 * parameters leaves the others unchanged, bit for bit.
 *
 * @throws KicError `nn/duplicate-parameter`, `nn/initializer`
 */
export const initialize = (specs: readonly ParamSpec[], seed: number): HostTensors => {
  const tensors = new Map<string, HostTensor>()
  for (const spec of specs) {
    if (tensors.has(spec.name)) {
      throw new KicError<NnErrorCode>(
        'nn/duplicate-parameter',
        `initialize: names must be unique, received '${spec.name}' twice. Give each model its own prefix.`,
      )
    }
    tensors.set(spec.name, initializeOne(spec, createRandom('initialize', seed, spec.name)))
  }
  return Object.fromEntries(tensors)
}

const initializeOne = (spec: ParamSpec, random: Random): HostTensor => {
  const data = new Float32Array(spec.shape.reduce((product, size) => product * size, 1))
  fill(data, spec.init, random)
  if (spec.init.kind === 'normal' && spec.init.zeroRow !== undefined) {
    const [rows = 0, width = 0] = spec.shape
    const row = spec.init.zeroRow
    if (spec.shape.length !== 2 || !Number.isInteger(row) || row < 0 || row >= rows) {
      throw new KicError<NnErrorCode>(
        'nn/initializer',
        `initialize: zeroRow must be a row of '${spec.name}' [${spec.shape}], received ${row}. Correct it.`,
      )
    }
    data.fill(0, row * width, (row + 1) * width)
  }
  return { dtype: 'float32', shape: [...spec.shape], data }
}

const fill = (data: Float32Array, init: Initializer, random: Random): void => {
  if (init.kind === 'constant') {
    data.fill(init.value)
  } else if (init.kind === 'uniform') {
    for (let i = 0; i < data.length; i++) data[i] = (2 * random.next() - 1) * init.bound
  } else {
    // Box-Muller, using both numbers of each pair: half the work of single draws.
    for (let i = 0; i < data.length; i += 2) {
      const radius = init.std * Math.sqrt(-2 * Math.log(1 - random.next()))
      const angle = 2 * Math.PI * random.next()
      data[i] = radius * Math.cos(angle)
      if (i + 1 < data.length) data[i + 1] = radius * Math.sin(angle)
    }
  }
}
