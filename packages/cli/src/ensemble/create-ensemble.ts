import { codesOf, levelNames, numberedLevels, restrictClassification } from '@kic/classification'
import { KicError } from '@kic/core'
import type { EnsembleInput } from '@kic/ensemble'
import { filesIn, readModelFolder } from '@kic/predictor/node'
import { knownNotes } from '../default-classification.ts'
import type { CliErrorCode } from '../error-code.ts'

/** A model that votes. */
export interface Voter {
  readonly path: string
  /** Its folder, relative to the ensemble's file. */
  readonly name: string
}

/**
 * An ensemble of saved models, each with its calibrated temperature. Its classes are those of the models at the finest
 * level, and their ancestors.
 *
 * @throws KicError `cli/ensemble-classes` if two models of the finest level have different classes, and as
 *   `readModelFolder`
 */
export const createEnsemble = async (
  voters: readonly Voter[],
  scheme: 'path' | 'published',
): Promise<EnsembleInput> => {
  const models = await Promise.all(
    voters.map(({ path }) => readModelFolder(filesIn(path), { known: knownNotes })),
  )
  const [finest] = models.toSorted((a, b) => b.tree.levels.length - a.tree.levels.length)
  if (finest === undefined)
    throw new KicError<CliErrorCode>(
      'cli/ensemble-classes',
      'kic ensemble: an ensemble needs at least one model, received none. List model folders.',
    )
  const classification = restrictClassification(finest.notes.classification, finest.tree.codes)
  const members = models.map(({ tree, notes }, i) => {
    const level = tree.levels.at(-1) ?? ''
    if (!levelNames(classification).includes(level)) {
      throw new KicError<CliErrorCode>(
        'cli/ensemble-classes',
        `kic ensemble: all models must have levels of one classification, received ${voters[i]?.path} with the level ${level} ` +
          `and another model with ${levelNames(classification).join(', ')}. Choose models of one task.`,
      )
    }
    const known = codesOf(classification, level)
    if (known.length !== tree.codes.length || tree.codes.some((code) => !known.includes(code))) {
      throw new KicError<CliErrorCode>(
        'cli/ensemble-classes',
        `kic ensemble: all models must have the same classes, received ${voters[i]?.path} with ${tree.codes.length} classes at the level ` +
          `${level}, where the finest model has ${known.length}. Choose models trained on the same classes.`,
      )
    }
    const { name = '' } = voters[i] ?? {}
    // Members vote with calibrated probabilities.
    const temperature = notes.calibration?.temperature
    const calibrated = temperature === undefined ? {} : { temperature }
    return { name, level, model: name, ...calibrated }
  })
  return {
    format: 'kic-ensemble',
    version: 1,
    scheme,
    levels: numberedLevels(classification),
    members,
  }
}
