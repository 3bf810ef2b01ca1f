import { finestLevel, labelNumbers } from '@kic/classification'
import { defined } from '@kic/core'
import { accuracy } from '@kic/scores'
import type { Task } from './load-task.ts'
import type { Predictions } from './vote.ts'

/** How test rows are spaced, by the part of a run. */
export const SPACINGS = {
  test: 'as they are',
  joined: 'without spaces',
  spaced: 'spaces at random',
} as const
export type Spacing = keyof typeof SPACINGS

/** Accuracy of a system at the finest level on test rows of each spacing. */
export interface SpacingScores extends Readonly<Record<Spacing, number>> {
  readonly system: string
  /** Whether it reads n-grams of words apart, so that other spaces are other n-grams. */
  readonly readsWords: boolean
}

/** A system that answers test rows however they are spaced. */
export interface SpacedSystem extends Pick<SpacingScores, 'system' | 'readsWords'> {
  readonly predict: (spacing: Spacing) => Promise<Predictions>
}

/** The scores of systems on test rows of each spacing. */
export const spacingScores = (
  { classification, test }: Task,
  systems: readonly SpacedSystem[],
): Promise<readonly SpacingScores[]> => {
  const level = finestLevel(classification)
  const truth = labelNumbers(classification, level, test)
  return Promise.all(
    systems.map(async ({ predict, ...system }) => {
      const right = async (spacing: Spacing): Promise<number> =>
        accuracy(defined((await predict(spacing))[level]), truth)
      return {
        ...system,
        test: await right('test'),
        joined: await right('joined'),
        spaced: await right('spaced'),
      }
    }),
  )
}

/** What the table says of members that read words; `undefined` if there are none. */
export const wordsNote = (rows: readonly SpacingScores[]): string | undefined => {
  const names = rows.filter(({ readsWords }) => readsWords).map(({ system }) => system)
  if (names.length === 0) return undefined
  return `${names.join(', ')}: n-grams within words, which change with the spaces. A vote depends on spacing as far as it has such members.`
}

/** A share in percent, and how much it is above another in points. */
export const spacedFigure = (share: number, as: number): string => {
  const points = 100 * (share - as)
  return `${(100 * share).toFixed(2)} (${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(2)})`
}

/** The scores as an aligned text table, in percent, with differences from the rows as they are. */
export const spacingTable = (rows: readonly SpacingScores[]): string => {
  const cells = [
    ['', ...Object.values(SPACINGS)],
    ...rows.map(({ system, test, joined, spaced }) => [
      system,
      (100 * test).toFixed(2),
      spacedFigure(joined, test),
      spacedFigure(spaced, test),
    ]),
  ]
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  )
  const lines = cells.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
  )
  const note = wordsNote(rows)
  return [...lines, ...(note === undefined ? [] : [note])].join('\n')
}
