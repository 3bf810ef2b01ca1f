import type { SystemScores } from './score-table.ts'

/** The ensemble whose members, weights and temperatures were chosen on validation rows. */
export const SELECTED = 'selected ensemble'

/** Systems that are no members. */
const OTHERS: readonly string[] = ['ensemble', SELECTED, 'naive Bayes', 'majority class']

/** The member of the highest accuracy at a level; undefined where none predicts it. */
export const bestMember = (systems: readonly SystemScores[], level: string): SystemScores | undefined =>
  systems
    .filter(({ system, levels }) => !OTHERS.includes(system) && levels[level] !== undefined)
    .reduce<SystemScores | undefined>(
      (best, one) =>
        (one.levels[level]?.accuracy ?? 0) > (best?.levels[level]?.accuracy ?? -1) ? one : best,
      undefined,
    )

/** Says whether voting was worth it: the ensemble against its best member and the baseline at the finest level. */
export const verdict = (systems: readonly SystemScores[], level: string): string => {
  const accuracyOf = (name: string): number =>
    systems.find(({ system }) => system === name)?.levels[level]?.accuracy ?? 0
  const ensemble = accuracyOf('ensemble')
  const best = bestMember(systems, level)?.levels[level]?.accuracy ?? 0
  const points = (difference: number): string => `${(100 * Math.abs(difference)).toFixed(2)} points`
  const against = (name: string, other: number): string =>
    ensemble > other
      ? `beats ${name} by ${points(ensemble - other)}`
      : ensemble === other
        ? `equals ${name}`
        : `did NOT beat ${name}: it is ${points(other - ensemble)} behind`
  return (
    `At ${level} level the ensemble ${against('its best single member', best)}, ` +
    `${against('naive Bayes', accuracyOf('naive Bayes'))} and ${against('the majority class', accuracyOf('majority class'))}.`
  )
}
