import type { HostTensors } from '@kic/safetensors'
import { inferenceContext, trainingContext } from '../context.ts'
import type { TensorFunction } from '../contract.ts'
import { optimize } from '../optimize/optimize.ts'
import { graphText } from '../record/graph-text.ts'
import { record } from '../record/record.ts'
import { inputSpecs, unprefixed } from './input-names.ts'

export interface DumpOptions {
  /** Whether dropout is part of the graph; default false. */
  readonly training?: boolean | undefined
}

/**
 * The graph that the compiled engine records of a tensor function, as text: operators, shapes, and the line of code
 * that each comes from. Only types and shapes of the tensors matter. For a training step dump `(params, batch, ctx) =>
 * valueAndGradients(loss, params, batch, ctx, names)`.
 *
 * @throws KicError as in recording: `engine/unsupported-kernel`, `engine/read-while-recording`, …
 */
export const dumpGraph = (
  fn: TensorFunction,
  params: HostTensors,
  feeds: HostTensors,
  { training = false }: DumpOptions = {},
): string =>
  graphText(
    optimize(
      record([...inputSpecs('param/', params), ...inputSpecs('feed/', feeds)], (inputs, recorder) => {
        const mask = (site: number, { shape }: { readonly shape: readonly number[] }) =>
          recorder.input({ name: `mask/${site}`, dtype: 'float32', shape })
        return fn(
          unprefixed('param/', Object.keys(params), inputs),
          unprefixed('feed/', Object.keys(feeds), inputs),
          training ? trainingContext(mask) : inferenceContext,
        )
      }),
    ),
  )
