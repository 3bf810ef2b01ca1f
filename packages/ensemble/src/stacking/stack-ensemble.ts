import { type Classification, finestLevel, numberedLevels } from '@kic/classification'
import { fitTemperatures, inMemory, temper } from '@kic/scores'
import type { EnsembleInput } from '../ensemble.ts'
import type { Candidate } from '../select-ensemble.ts'
import { type FitStackOptions, fitStack } from './fit-stack.ts'
import { membersAtLevel } from './members-at-level.ts'
import type { Stack } from './stack.ts'

/** Digits after the point that a file keeps: a logit changes by less than a thousandth. */
const SCALE = 1e6

const rounded = ({ weights, bias, deviations }: Stack) => {
  const short = (numbers: readonly number[]): number[] =>
    numbers.map((number) => Math.round(SCALE * number) / SCALE)
  return { weights: short(weights), bias: bias && short(bias), deviations: deviations?.map(short) }
}

/** How stacks are fitted, but for the penalties, which every level has of its own. */
export type StackEnsembleOptions = Omit<FitStackOptions, 'ridge'>

/**
 * An ensemble that stacks its members: each member's temperature by least cross-entropy, then a stack for each level, from
 * members of all levels. Members without weight at any level are left out. Answers follow the most probable path, so that
 * levels never contradict each other.
 *
 * @param truth class numbers of the held-out rows, by level; -1 where unknown. A level that is not there has no stack
 * @throws KicError as `fitStack`
 */
export const stackEnsemble = async (
  classification: Classification,
  candidates: readonly Candidate[],
  truth: Readonly<Record<string, Int32Array>>,
  options: StackEnsembleOptions = {},
): Promise<EnsembleInput> => {
  const levels = numberedLevels(classification)
  const members = await Promise.all(
    candidates.map(async ({ name, level, probabilities }) => {
      const [fitted] = await fitTemperatures(inMemory([probabilities]), truth[level] ?? new Int32Array(0))
      const temperature = fitted?.temperature ?? 1
      return { name, level, temperature, probabilities: temper(probabilities, temperature) }
    }),
  )
  const stacks = levels.flatMap(({ name: level }) => {
    const labels = truth[level]
    if (labels === undefined) return []
    const { stack } = fitStack(membersAtLevel(levels, level, members), labels, options)
    return [{ level, ...rounded(stack) }]
  })
  const used = usedMembers(members, stacks, finestLevel(classification))
  const ofUsed = <T>(each: readonly T[]): T[] => each.filter((_, k) => used[k])
  return {
    format: 'kic-ensemble',
    version: 1,
    scheme: 'stacked',
    levels,
    members: ofUsed(members).map(({ name, level, temperature }) => ({ name, level, temperature })),
    stacks: stacks.map(({ level, weights, bias, deviations }) => ({
      level,
      weights: ofUsed(weights),
      bias,
      deviations: deviations && ofUsed(deviations),
    })),
  }
}

/** Which members have a say at some level. Those of the finest level stay where none of them has: it takes one to name classes. */
const usedMembers = (
  members: readonly { readonly level: string }[],
  stacks: readonly Pick<Stack, 'weights' | 'deviations'>[],
  finest: string,
): readonly boolean[] => {
  const used = members.map((_, k) =>
    stacks.some(({ weights, deviations }) => weights[k] !== 0 || deviations?.[k]?.some((one) => one !== 0)),
  )
  const speaks = members.some(({ level }, k) => level === finest && used[k])
  return speaks ? used : members.map(({ level }, k) => level === finest || used[k] === true)
}
