import type { Classification } from './classification.ts'

/** The names of the levels, coarsest first. */
export const levelNames = (classification: Classification): readonly string[] =>
  classification.levels.map((level) => level.name)

/** The name of the finest level. */
export const finestLevel = (classification: Classification): string =>
  classification.levels.at(-1)?.name ?? ''
