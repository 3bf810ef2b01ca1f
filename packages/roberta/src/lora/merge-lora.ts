import { defined, KicError } from '@kic/core'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import type { RobertaErrorCode } from '../error-code.ts'
import { type Lora, loraScale } from './lora.ts'
import { adapterNames, isAdapter } from './lora-parameters.ts'

const A = adapterNames('').a

/**
 * The parameters of a model without adapters that computes the same: each adapted weight becomes `W + alpha / rank · B · A`.
 * Other tensors are shared with the given ones, which stay as they are.
 *
 * @throws KicError `roberta/adapter` for an adapter without its weight, or of other shapes
 */
export const mergeLora = (params: HostTensors, lora: Lora): HostTensors => {
  const merged = Object.fromEntries(Object.entries(params).filter(([name]) => !isAdapter(name)))
  for (const name of Object.keys(params)) {
    if (!isAdapter(name)) continue
    const module = name.slice(0, -A.length)
    const names = adapterNames(module)
    const weight = `${module}.weight`
    merged[weight] = mergedWeight(module, lora, {
      weight: params[weight],
      a: params[names.a],
      b: params[names.b],
    })
  }
  return merged
}

interface Factors {
  readonly weight: HostTensor | undefined
  readonly a: HostTensor | undefined
  readonly b: HostTensor | undefined
}

const mergedWeight = (module: string, lora: Lora, { weight, a, b }: Factors): HostTensor => {
  const { rank } = lora
  const [out = 0, width = 0] = weight?.shape ?? []
  const shapes = [weight, a, b].map((tensor) => (tensor === undefined ? 'none' : `[${tensor.shape}]`))
  const [wanted, received] = [`[${out},${width}], [${rank},${width}], [${out},${rank}]`, shapes.join(', ')]
  if (weight === undefined || a === undefined || b === undefined || wanted !== received) {
    throw new KicError<RobertaErrorCode>(
      'roberta/adapter',
      `mergeLora: ${module} must have a weight [out, in] and an adapter, A [${rank}, in] and B [out, ${rank}], received ` +
        `${received}. Pass base weights and the adapter that was trained on them.`,
    )
  }
  const data = Float32Array.from(weight.data)
  const scale = loraScale(lora)
  const row = new Float64Array(width)
  for (let o = 0; o < out; o++) {
    row.fill(0)
    for (let r = 0; r < rank; r++) {
      const factor = scale * defined(b.data[o * rank + r])
      for (let i = 0; i < width; i++) row[i] = defined(row[i]) + factor * defined(a.data[r * width + i])
    }
    for (let i = 0; i < width; i++)
      data[o * width + i] = defined(weight.data[o * width + i]) + defined(row[i])
  }
  return { dtype: 'float32', shape: weight.shape, data }
}
