import { readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFolderAtomic } from '@kic/core/node'
import { hasOwnCard, WEIGHTS } from './save-pretrained.ts'

/**
 * Moves a saved model to another folder on the same disk. Readers see the complete old model or the complete new one. Files
 * that `savePretrained` keeps stay: files that do not belong to a model, and a README.md that was not generated.
 *
 * @param replaces selects further old files that do not stay
 * @throws KicError `core/write-failed`
 */
export const replaceModel = async (
  from: string,
  to: string,
  replaces: (name: string) => boolean = () => false,
): Promise<void> => {
  const ownCard = await hasOwnCard(to)
  await writeFolderAtomic(
    to,
    async (at) => {
      for (const name of await readdir(from)) {
        if (name !== 'README.md' || !ownCard) await rename(join(from, name), join(at, name))
      }
    },
    (name) => WEIGHTS.test(name) || replaces(name),
  )
}
