import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isKicError, KicError } from '@kic/core'
import { type Head, matchParameters, type ParameterMatch, type ParamSpec } from '@kic/nn'
import type { HostTensors } from '@kic/safetensors'
import { loadSafetensors } from '@kic/safetensors/node'
import type { RobertaConfig } from '../config.ts'
import type { RobertaErrorCode } from '../error-code.ts'
import { parseAdapterConfig, targetsIn } from './adapter-config.ts'
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, fromPeft } from './adapter-files.ts'
import { type Lora, lora } from './lora.ts'
import { isAdapter, loraParameters } from './lora-parameters.ts'

export interface LoadAdapterOptions {
  /** Of the base model, with the classes of the adapter's head. */
  readonly config: RobertaConfig
  /** The head in the file; default: none is read, and one in the file is refused. */
  readonly head?: Head<RobertaConfig> | undefined
}

export interface LoadedAdapter {
  readonly lora: Lora
  /** Adapters and head, by the names of `sequenceClassifier(config, head, { lora })`. */
  readonly params: HostTensors
  /** The base model that the file states. */
  readonly base: string | undefined
}

/**
 * Loads an adapter that `saveAdapter` or Hugging Face PEFT wrote: LoRA of one rank on the same modules of every layer. Files that
 * hold anything else are refused before it is used.
 *
 * @throws KicError `roberta/adapter`, `roberta/lora`, and `safetensors/…` for damaged files
 */
export const loadAdapter = async (
  folder: string,
  { config, head }: LoadAdapterOptions,
): Promise<LoadedAdapter> => {
  const { base, ...settings } = parseAdapterConfig(await readJson(join(folder, ADAPTER_CONFIG)))
  const { tensors } = await loadSafetensors(join(folder, ADAPTER_WEIGHTS))
  const found = Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [fromPeft(name), tensor]))
  const targets = targetsIn(Object.keys(found))
  if (targets.length === 0) throw refused(folder, 'adapters of an encoder’s linear layers', 'none')
  const adapted = lora({ ...settings, targets })
  const specs = [...loraParameters(adapted, config), ...(head?.parameters(config) ?? [])]
  const { params, missing, unexpected } = matched(folder, specs, found)
  if (unexpected[0] !== undefined)
    throw refused(folder, 'adapters and its head alone', `'${unexpected[0]}', too`)
  const lost = missing.find(({ name }) => isAdapter(name)) ?? missing[0]
  if (lost !== undefined)
    throw refused(folder, 'the adapters of every layer, and its whole head', `none named '${lost.name}'`)
  return { lora: adapted, params, base }
}

const matched = (folder: string, specs: readonly ParamSpec[], tensors: HostTensors): ParameterMatch => {
  try {
    return matchParameters(specs, tensors)
  } catch (cause) {
    if (!isKicError(cause)) throw cause
    throw refused(folder, 'tensors that fit its rank and the base model', cause.message, cause)
  }
}

const MAX_CONFIG_BYTES = 1024 * 1024

const readJson = async (path: string): Promise<unknown> => {
  try {
    const { size } = await stat(path)
    if (size > MAX_CONFIG_BYTES) throw new Error(`${size} bytes, at most ${MAX_CONFIG_BYTES} are read`)
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    const received = cause instanceof Error ? cause.message : String(cause)
    throw refused(path, 'a readable adapter_config.json', received, cause)
  }
}

const refused = (at: string, rule: string, received: string, cause?: unknown): KicError =>
  new KicError<RobertaErrorCode>(
    'roberta/adapter',
    `loadAdapter: ${at} must have ${rule}, received ${received}. Use the config and the head that the adapter was trained with.`,
    { cause },
  )
