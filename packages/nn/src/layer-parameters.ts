import type { Initializer, ParamSpec } from './param-spec.ts'

const ZEROS: Initializer = { kind: 'constant', value: 0 }
const ONES: Initializer = { kind: 'constant', value: 1 }

/**
 * `<name>.weight` [out, in] and `<name>.bias` [out], the parameters of `linear`.
 *
 * @param bias default: zeros
 */
export const linearParameters = (
  name: string,
  out: number,
  width: number,
  weight: Initializer,
  bias: Initializer = ZEROS,
): ParamSpec[] => [
  { name: `${name}.weight`, shape: [out, width], init: weight },
  { name: `${name}.bias`, shape: [out], init: bias },
]

/** `<name>.weight`, ones, and `<name>.bias`, zeros, both [H]: the parameters of `layerNorm`. */
export const layerNormParameters = (name: string, width: number): ParamSpec[] => [
  { name: `${name}.weight`, shape: [width], init: ONES },
  { name: `${name}.bias`, shape: [width], init: ZEROS },
]
