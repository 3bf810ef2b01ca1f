import { KicError } from '@kic/core'
import type { HostTensor } from '@kic/safetensors'
import type { NnErrorCode } from './error-code.ts'
import type { ParamSpec } from './param-spec.ts'

/** What is compared of a tensor. A file's header says as much, so nothing needs to be read for it. */
export type TensorShape = Pick<HostTensor, 'dtype' | 'shape'>

export interface ParameterMatch<T extends TensorShape = HostTensor> {
  /** The tensors that were asked for and found, in the order of the list. */
  readonly params: Readonly<Record<string, T>>
  /** Asked for and not there. */
  readonly missing: readonly ParamSpec[]
  /** There and not asked for. */
  readonly unexpected: readonly string[]
}

/**
 * Picks a model's parameters out of a checkpoint.
 *
 * @throws KicError `nn/parameter-shape`, `nn/parameter-dtype` when one is there but is not what the model needs.
 */
export const matchParameters = <T extends TensorShape = HostTensor>(
  specs: readonly ParamSpec[],
  tensors: Readonly<Record<string, T>>,
): ParameterMatch<T> => {
  const params: Record<string, T> = {}
  const missing: ParamSpec[] = []
  for (const spec of specs) {
    const tensor = Object.hasOwn(tensors, spec.name) ? tensors[spec.name] : undefined
    if (tensor === undefined) {
      missing.push(spec)
      continue
    }
    if (
      tensor.shape.length !== spec.shape.length ||
      tensor.shape.some((size, axis) => size !== spec.shape[axis])
    ) {
      throw new KicError<NnErrorCode>(
        'nn/parameter-shape',
        `matchParameters: '${spec.name}' is [${tensor.shape}], the model needs [${spec.shape}]. The config belongs to another checkpoint.`,
      )
    }
    if (tensor.dtype !== 'float32') {
      throw new KicError<NnErrorCode>(
        'nn/parameter-dtype',
        `matchParameters: '${spec.name}' is ${tensor.dtype}, the model needs float32.`,
      )
    }
    params[spec.name] = tensor
  }
  const wanted = new Set(specs.map((spec) => spec.name))
  return { params, missing, unexpected: Object.keys(tensors).filter((name) => !wanted.has(name)) }
}
