import { KicError } from '@kic/core'
import type { CliErrorCode } from './error-code.ts'

/**
 * The folder of the bundled model.
 *
 * @throws KicError `cli/no-model` if its package is not installed
 */
export const defaultModel = async (): Promise<string> => {
  try {
    return (await import('@kic/model-mini')).modelFolder
  } catch (cause) {
    throw new KicError<CliErrorCode>(
      'cli/no-model',
      'kic: the bundled model needs the package @kic/model-mini, received an installation without it. Install it, or set --model.',
      { cause },
    )
  }
}
