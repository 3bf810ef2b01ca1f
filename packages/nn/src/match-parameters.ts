import { KicError } from '@kic/core'
import type { HostTensor } from '@kic/safetensors'
import type { NnErrorCode } from './error-code.ts'
import type { ParamSpec } from './param-spec.ts'

/** The compared properties of a tensor. A file's header has them, so no data is read. */
export type TensorShape = Pick<HostTensor, 'dtype' | 'shape'>

export interface ParameterMatch<T extends TensorShape = HostTensor> {
  /** The requested tensors that were found, in the order of the list. */
  readonly params: Readonly<Record<string, T>>
  /** Requested but missing. */
  readonly missing: readonly ParamSpec[]
  /** Present but not requested. */
  readonly unexpected: readonly string[]
}

/**
 * Selects a model's parameters from a checkpoint.
 *
 * @throws KicError `nn/parameter-shape`, `nn/parameter-dtype` if one is present in another shape or type than the model
 *   needs
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
        `matchParameters: '${spec.name}' must be [${spec.shape}], received [${tensor.shape}]. Use the config that belongs to the checkpoint.`,
      )
    }
    if (tensor.dtype !== 'float32') {
      throw new KicError<NnErrorCode>(
        'nn/parameter-dtype',
        `matchParameters: '${spec.name}' must be float32, received ${tensor.dtype}. Convert it.`,
      )
    }
    params[spec.name] = tensor
  }
  const wanted = new Set(specs.map((spec) => spec.name))
  return { params, missing, unexpected: Object.keys(tensors).filter((name) => !wanted.has(name)) }
}
