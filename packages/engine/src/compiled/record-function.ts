import { inferenceContext } from '../context.ts'
import type { TensorFunction } from '../contract.ts'
import type { TensorTypes } from '../host-tensor.ts'
import type { RangeRule } from '../range-rule.ts'
import type { Graph } from '../record/graph.ts'
import { record } from '../record/record.ts'
import { userOutputs } from '../tensor-outputs.ts'
import { inputSpecs, unprefixed } from './input-names.ts'
import { declaredRanges, type RecordedChecks, splitChecks } from './recorded-checks.ts'

export interface RecordedFunction {
  readonly graph: Graph
  readonly checks: RecordedChecks
}

/** Records a function for inference: inputs `param/<name>` and `feed/<name>`. */
export const recordFunction = (
  fn: TensorFunction,
  params: TensorTypes,
  feeds: TensorTypes,
): RecordedFunction => {
  let rules: readonly RangeRule[] = []
  const whole = record([...inputSpecs('param/', params), ...inputSpecs('feed/', feeds)], (inputs) => {
    const declared = declaredRanges(() =>
      userOutputs(
        'record',
        fn(
          unprefixed('param/', Object.keys(params), inputs),
          unprefixed('feed/', Object.keys(feeds), inputs),
          inferenceContext,
        ),
      ),
    )
    rules = declared.rules
    return declared.outputs
  })
  return splitChecks(whole, rules)
}
