import { isKicError, KicError } from '@kic/core'

/** A file of a model's folder, and the function that a caller knows. */
export interface ReadFile {
  readonly caller: string
  readonly path: string
  readonly folder: string
}

/**
 * Adds file and folder to errors about the file's content.
 *
 * @throws KicError with the code of whatever `read` throws
 */
export const inFile = <T>({ caller, path, folder }: ReadFile, read: () => T): T => {
  try {
    return read()
  } catch (cause) {
    if (!isKicError(cause)) throw cause
    throw new KicError(cause.code, `${caller}: ${path} in ${folder}: ${cause.message}`, { cause })
  }
}
