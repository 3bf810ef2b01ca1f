import { checkFolderTarget } from '@kic/core/node'
import { classifierError } from '../classifier-error.ts'

/**
 * Checks before a training that its output can be written at the end.
 *
 * @throws KicError `classifier/output` for a file, the working folder or one above it, or no path at all
 */
export const checkOutput = async (output: unknown): Promise<void> => {
  try {
    await checkFolderTarget(typeof output === 'string' ? output : '')
  } catch (cause) {
    throw classifierError(
      'classifier/output',
      `trainClassifier: output must be a folder for the model alone, received ${shown(output)}. Choose a new folder, or ` +
        'one of an older model.',
      { cause },
    )
  }
}

const shown = (output: unknown): string =>
  typeof output === 'string' ? `'${output}', a file, or the working folder or one above it` : String(output)
