import { codesOf, levelNames, numberedLevels, restrictHierarchy } from '@kic/classification'
import { KicError } from '@kic/core'
import type { EnsembleInput } from '@kic/ensemble'
import { filesIn, readModelFolder } from '@kic/predictor/node'

/** A model that votes. */
export interface Voter {
  readonly path: string
  /** Its folder as seen from the ensemble's file. */
  readonly name: string
}

/**
 * An ensemble of saved models, each with the temperature that it was calibrated to. Its classes are those of the models at
 * the finest level, and the levels above them.
 *
 * @throws KicError `cli/ensemble-classes` where two models of the finest level have different classes, and as
 *   `readModelFolder`
 */
export const createEnsemble = async (
  voters: readonly Voter[],
  scheme: 'path' | 'published',
): Promise<EnsembleInput> => {
  const models = await Promise.all(voters.map(({ path }) => readModelFolder(filesIn(path))))
  const [finest] = models.toSorted((a, b) => b.tree.levels.length - a.tree.levels.length)
  if (finest === undefined)
    throw new KicError('cli/ensemble-classes', 'kic ensemble: there is no model to vote')
  const hierarchy = restrictHierarchy(finest.notes.hierarchy, finest.tree.codes)
  const members = models.map(({ tree, notes }, i) => {
    const level = tree.levels.at(-1) ?? ''
    if (!levelNames(hierarchy).includes(level)) {
      throw new KicError(
        'cli/ensemble-classes',
        `kic ensemble: models that vote must have levels of one classification, received ${voters[i]?.path} of the level ${level} ` +
          `and another of ${levelNames(hierarchy).join(', ')}. Choose models of one task.`,
      )
    }
    const known = codesOf(hierarchy, level)
    if (known.length !== tree.codes.length || tree.codes.some((code) => !known.includes(code))) {
      throw new KicError(
        'cli/ensemble-classes',
        `kic ensemble: ${voters[i]?.path} has ${tree.codes.length} classes at the level ${level}, the finest model leads to ` +
          `${known.length} there; models that vote must tell the same classes apart`,
      )
    }
    const { name = '' } = voters[i] ?? {}
    // Votes are cast with calibrated probabilities.
    const temperature = notes.calibration?.temperature
    const calibrated = temperature === undefined ? {} : { temperature }
    return { name, level, model: name, ...calibrated }
  })
  return {
    format: 'kic-ensemble',
    version: 1,
    scheme,
    levels: numberedLevels(hierarchy),
    members,
  }
}
