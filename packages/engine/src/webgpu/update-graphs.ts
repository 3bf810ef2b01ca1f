import { defined } from '@kic/core'
import * as tf from '@tensorflow/tfjs'
import type { AdamW, Tensors } from '../contract.ts'
import type { TensorTypes } from '../host-tensor.ts'
import { type AdamWScalars, adamwScalars, updatesTouchedRows } from '../optimizer/adamw.ts'
import { inTouchedRows, updatedAdamW } from '../optimizer/tensor-adamw.ts'
import type { Graph } from '../record/graph.ts'
import { type InputSpec, record } from '../record/record.ts'

/** The parts of an update, recorded like any tensor function. Inputs and outputs are `<slot>/<parameter>`. */

const inputs = (slot: string, types: TensorTypes): InputSpec[] =>
  Object.entries(types).map(([name, { shape }]) => ({ name: `${slot}/${name}`, dtype: 'float32', shape }))

const of = (tensors: Tensors, slot: string, name: string): tf.Tensor => defined(tensors[`${slot}/${name}`])

/** `sum/<name>`: the sum of `a/<name>` and `b/<name>`. */
export const additions = (types: TensorTypes): Graph =>
  record([...inputs('a', types), ...inputs('b', types)], (given) =>
    Object.fromEntries(
      Object.keys(types).map((name) => [`sum/${name}`, of(given, 'a', name).add(of(given, 'b', name))]),
    ),
  )

/** `new/<name>`: `kept` times `a/<name>`, and the rest of `p/<name>`. */
export const averages = (types: TensorTypes): Graph =>
  record(
    [...inputs('a', types), ...inputs('p', types), { name: 'kept', dtype: 'float32', shape: [] }],
    (given) => {
      const kept = defined(given.kept)
      return Object.fromEntries(
        Object.keys(types).map((name) => [
          `new/${name}`,
          of(given, 'a', name)
            .mul(kept)
            .add(of(given, 'p', name).mul(tf.sub(1, kept))),
        ]),
      )
    },
  )

/** `squares`: the sum of the squares of all `g/<name>`. */
export const squares = (types: TensorTypes): Graph =>
  record(inputs('g', types), (given) => ({
    squares: tf.stack(Object.keys(types).map((name) => of(given, 'g', name).square().sum())).sum(),
  }))

/** The factors of an update that the host computes at each step, as inputs of the graph. */
const FACTORS = ['decay', 'stepSize', 'rootScale'] as const

/** The parameters with equal settings share their factors. */
export const factorGroups = (
  optimizer: AdamW,
  names: readonly string[],
): readonly (readonly [representative: string, names: readonly string[]])[] => {
  const groups = new Map<string, string[]>()
  for (const name of names) {
    const { decay, stepSize, rootScale } = adamwScalars(optimizer, name, 1, 1)
    const key = `${decay} ${stepSize} ${rootScale}`
    groups.set(key, [...(groups.get(key) ?? []), name])
  }
  return [...groups.values()].map((members) => [defined(members[0]), members])
}

/** `new/p/<name>`, `new/m/<name>` and `new/v/<name>` after an AdamW update. */
export const update = (optimizer: AdamW, types: TensorTypes): Graph => {
  const groups = factorGroups(optimizer, Object.keys(types))
  const factors = groups.flatMap(([group]) => FACTORS.map((factor) => `${factor}/${group}`))
  const scalars: InputSpec[] = ['scale', ...factors].map((name) => ({ name, dtype: 'float32', shape: [] }))
  const tensors = ['p', 'm', 'v', 'g'].flatMap((slot) => inputs(slot, types))
  return record([...tensors, ...scalars], (given) => {
    const results: Record<string, tf.Tensor> = {}
    for (const [group, names] of groups) {
      const varying = Object.fromEntries(FACTORS.map((factor) => [factor, of(given, factor, group)]))
      const settings = { ...adamwScalars(optimizer, group, 1, 1), ...varying }
      for (const name of names) {
        const before = { p: of(given, 'p', name), m: of(given, 'm', name), v: of(given, 'v', name) }
        const gradient = of(given, 'g', name)
        const after = updatedAdamW(before, gradient, defined(given.scale), settings)
        const touched = updatesTouchedRows(optimizer, name)
        const { p, m, v } = touched ? inTouchedRows(before, after, gradient) : after
        Object.assign(results, { [`new/p/${name}`]: p, [`new/m/${name}`]: m, [`new/v/${name}`]: v })
      }
    }
    return results
  })
}

/** The values of a group's factors, by input. */
export const factorsOf = (group: string, scalars: AdamWScalars): Record<string, number> =>
  Object.fromEntries(FACTORS.map((factor) => [`${factor}/${group}`, scalars[factor]]))
