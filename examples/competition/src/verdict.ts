import type { SystemScores } from './system-scores.ts'

/** The ensemble for use, fitted to validation rows. */
export const CHOSEN = 'chosen ensemble'

const REFERENCE = 'reference: '

/** The name in tables of a model that the run is compared with. */
export const reference = (name: string): string => `${REFERENCE}${name}`

/** Whether a system is a reference. */
export const isReference = (system: string): boolean => system.startsWith(REFERENCE)

/** Systems other than members and references. */
const OTHERS: readonly string[] = ['ensemble', CHOSEN, 'majority class']

/** The most accurate member at a level, among `members` if given; `undefined` if no member predicts the level. */
export const bestMember = (
  systems: readonly SystemScores[],
  level: string,
  members?: readonly string[],
): SystemScores | undefined =>
  systems
    .filter(({ system }) => members?.includes(system) ?? !(OTHERS.includes(system) || isReference(system)))
    .filter(({ levels }) => levels[level] !== undefined)
    .reduce<SystemScores | undefined>(
      (best, one) =>
        (one.levels[level]?.accuracy ?? 0) > (best?.levels[level]?.accuracy ?? -1) ? one : best,
      undefined,
    )

/** The most accurate reference at a level; `undefined` if there is none. */
export const bestReference = (systems: readonly SystemScores[], level: string): SystemScores | undefined =>
  bestMember(systems, level, systems.map(({ system }) => system).filter(isReference))

/** The ensemble to compare. */
export interface JudgedEnsemble {
  /** Its name; default: `ensemble`. */
  readonly system?: string | undefined
  /** Its members; default: all. */
  readonly members?: readonly string[] | undefined
}

/** A sentence that compares an ensemble with its best member, the best reference and the majority class at a level. */
export const verdict = (
  systems: readonly SystemScores[],
  level: string,
  { system = 'ensemble', members }: JudgedEnsemble = {},
): string => {
  const accuracyOf = (name: string): number =>
    systems.find((one) => one.system === name)?.levels[level]?.accuracy ?? 0
  const ensemble = accuracyOf(system)
  const best = bestMember(systems, level, members)?.levels[level]?.accuracy ?? 0
  const strongest = bestReference(systems, level)
  const points = (difference: number): string => `${(100 * Math.abs(difference)).toFixed(2)} points`
  const against = (name: string, other: number): string =>
    ensemble > other
      ? `beats ${name} by ${points(ensemble - other)}`
      : ensemble === other
        ? `equals ${name}`
        : `did NOT beat ${name}: it is ${points(other - ensemble)} behind`
  const parts = [
    against('its best single member', best),
    ...(strongest === undefined
      ? []
      : [
          against(
            `the best reference (${strongest.system.slice(REFERENCE.length)})`,
            strongest.levels[level]?.accuracy ?? 0,
          ),
        ]),
  ]
  return (
    `At ${level} level the ${system} ${parts.join(', ')} ` +
    `and ${against('the majority class', accuracyOf('majority class'))}.`
  )
}
