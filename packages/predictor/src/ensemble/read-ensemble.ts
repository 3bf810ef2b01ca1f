import { isKicError, KicError } from '@kic/core'
import type { Ensemble } from '@kic/ensemble'
import type { PredictorErrorCode } from '../error-code.ts'
import { CONFIG_FILE } from '../model/model-config.ts'
import { readJson } from '../model/model-files.ts'
import type { Source } from '../model/source.ts'

/** The file with the members of an ensemble. */
export const ENSEMBLE_FILE = 'ensemble.json'

/**
 * The ensemble of a source; `undefined` for a model. A folder is an ensemble if it has an `ensemble.json` and no `config.json`.
 *
 * @throws KicError `ensemble/file`, `predictor/bad-json`
 */
export const readEnsemble = async ({ files, ensemble }: Source): Promise<Ensemble | undefined> => {
  if (ensemble === undefined && (await files.read(CONFIG_FILE)) !== undefined) return undefined
  const file = ensemble ?? ENSEMBLE_FILE
  const json = await readJson(files, file)
  if (json === undefined) {
    if (ensemble === undefined) return undefined
    throw new KicError<PredictorErrorCode>(
      'ensemble/file',
      `loadPredictor: the file of an ensemble must exist, received ${file} in ${files.name}. ` +
        'Write it with `kic ensemble create`.',
    )
  }
  const { parseEnsemble } = await import('@kic/ensemble')
  try {
    return parseEnsemble(json)
  } catch (cause) {
    if (!isKicError(cause)) throw cause
    throw new KicError(cause.code, `loadPredictor: ${file} in ${files.name}: ${cause.message}`, { cause })
  }
}
