import { type Classification, finestLevel, numberedLevels } from '@kic/classification'
import { defined } from '@kic/core'
import { temper } from '@kic/scores'
import type { EnsembleInput } from '../ensemble.ts'
import { type Candidate, type HeldOutOptions, heldOut, type Truth, withCopies } from '../held-out.ts'
import { temperatureOf } from '../temperature-of.ts'
import { type FitStackOptions, fitStack } from './fit-stack.ts'
import { membersAtLevel } from './members-at-level.ts'
import type { Stack } from './stack.ts'
import { stackedVote } from './stacked-vote.ts'

/** Digits after the point that a file keeps: a logit changes by less than a thousandth. */
const SCALE = 1e6

/** A stack's numbers divided by a temperature, which softens its probabilities. */
const rounded = ({ weights, bias, deviations }: Stack, temperature: number) => {
  const short = (numbers: readonly number[]): number[] =>
    numbers.map((number) => Math.round((SCALE * number) / temperature) / SCALE)
  return { weights: short(weights), bias: bias && short(bias), deviations: deviations?.map(short) }
}

/** How stacks are fitted, but for the penalties, which every level has of its own. */
export interface StackEnsembleOptions
  extends HeldOutOptions,
    Omit<FitStackOptions, 'ridge' | 'groups' | 'seed'> {}

/**
 * An ensemble that stacks its members: each member's temperature by least cross-entropy, then a stack for each level, from
 * members of all levels. Members without weight at any level are left out. Answers follow the most probable path, so that
 * levels never contradict each other. A stack is fitted to the rows and their copies; one factor then calibrates it on the rows
 * alone.
 *
 * @param truth class numbers of the held-out rows, by level; -1 where unknown. A level that is not there has no stack
 * @throws KicError as `fitStack`
 */
export const stackEnsemble = async (
  classification: Classification,
  candidates: readonly Candidate[],
  truth: Truth,
  options: StackEnsembleOptions = {},
): Promise<EnsembleInput> => {
  const levels = numberedLevels(classification)
  const rows = heldOut('stackEnsemble', classification, candidates, truth, options)
  const all = withCopies(rows)
  const members = await Promise.all(
    candidates.map(async ({ name, level, probabilities }, k) => {
      const temperature = await temperatureOf(probabilities, truth[level])
      const everything = defined(all.candidates[k]).probabilities
      return { name, level, temperature, probabilities: temper(everything, temperature) }
    }),
  )
  const stacks = []
  for (const { name: level } of levels) {
    const labels = all.truth[level]
    if (labels === undefined) continue
    const given = membersAtLevel(levels, level, members)
    const { stack } = fitStack(given, labels, { ...options, groups: all.groups })
    const onRows = labels.map((label, row) => (row < rows.groups.length ? label : -1))
    const temperature = rows.copyOf.length === 0 ? 1 : await temperatureOf(stackedVote(stack, given), onRows)
    stacks.push({ level, ...rounded(stack, temperature) })
  }
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
