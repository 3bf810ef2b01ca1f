import { join } from 'node:path'
import { writeFileAtomic } from '@kic/core/node'
import type { HostTensors } from '@kic/engine'
import { saveSafetensors } from '@kic/nn/node'
import type { RobertaConfig } from './config.ts'

/**
 * Writes a model as a Hugging Face folder, `config.json` and `model.safetensors`: one with the standard head loads into
 * transformers as it stands. Each file is replaced as a whole.
 *
 * @throws KicError `core/write-failed`
 */
export const savePretrained = async (
  folder: string,
  { config, params }: { readonly config: RobertaConfig; readonly params: HostTensors },
): Promise<void> => {
  await saveSafetensors(join(folder, 'model.safetensors'), params, { format: 'pt' })
  await writeFileAtomic(join(folder, 'config.json'), `${JSON.stringify(config, null, 2)}\n`)
}
