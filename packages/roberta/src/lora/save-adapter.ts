import { join } from 'node:path'
import { writeFileAtomic, writeFolderAtomic } from '@kic/core/node'
import type { HostTensors } from '@kic/safetensors'
import { saveSafetensors } from '@kic/safetensors/node'
import type { RobertaConfig } from '../config.ts'
import { adapterConfig } from './adapter-config.ts'
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, inPeft } from './adapter-files.ts'
import type { Lora } from './lora.ts'
import { isAdapter, isFrozenByLora } from './lora-parameters.ts'

export interface Adapter {
  readonly config: RobertaConfig
  readonly lora: Lora
  /** All parameters of the model, or those that LoRA trains. */
  readonly params: HostTensors
  /** Name or folder of the model whose weights are adapted, for people and PEFT. */
  readonly base?: string | undefined
}

/**
 * Writes an adapter and its head, without the weights that they stand beside, in the layout of Hugging Face PEFT:
 * `adapter_config.json` and `adapter_model.safetensors`. The folder appears as a whole.
 *
 * @throws KicError `core/write-failed`, `safetensors/tensor-size`
 */
export const saveAdapter = async (folder: string, { config, lora, params, base }: Adapter): Promise<void> => {
  const trained = Object.entries(params).filter(([name]) => !isFrozenByLora(name))
  const head = trained.map(([name]) => name).filter((name) => !isAdapter(name))
  const written = adapterConfig(lora, config, { base, head })
  await writeFolderAtomic(folder, async (at) => {
    const tensors = Object.fromEntries(trained.map(([name, tensor]) => [inPeft(name), tensor]))
    await saveSafetensors(join(at, ADAPTER_WEIGHTS), tensors, { format: 'pt' })
    await writeFileAtomic(join(at, ADAPTER_CONFIG), `${JSON.stringify(written, null, 2)}\n`)
  })
}
