import { join } from 'node:path'
import { packagedModel } from '@kic/core/node'

/**
 * The folder of the ensemble: `ensemble.json`, its members, `preparation.json`, `kic.json` and the model card.
 *
 * Importing this module throws an Error if the folder is not on disk, for example if only a bundle was copied.
 */
export const modelFolder: string = packagedModel('@kic/model-base', {
  own: import.meta.url,
  installed: [process.argv[1], join(process.cwd(), 'package.json')],
})
