import { KicError } from '@kic/core'

/**
 * The folder of the model that comes along.
 *
 * @throws KicError `cli/no-model` where the package was removed.
 */
export const defaultModel = async (): Promise<string> => {
  try {
    return (await import('@kic/model-mini')).modelFolder
  } catch (cause) {
    throw new KicError(
      'cli/no-model',
      'kic: the package @kic/model-mini is not installed; install it, or name a folder with --model',
      { cause },
    )
  }
}
