import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KicError } from '@kic/core'
import type { HostTensor, HostTensors } from '@kic/engine'
import { initialize, matchParameters, type ParamSpec } from '@kic/nn'
import { loadSafetensors } from '@kic/nn/node'
import { parseRobertaConfig, type RobertaConfig } from './config.ts'
import { DEFAULT_PREFIX } from './parameters.ts'
import { sequenceClassifier } from './sequence-classifier.ts'

export interface LoadPretrainedOptions {
  /** What the model needs; default: an encoder with the standard classification head. */
  readonly parameters?: (config: RobertaConfig) => readonly ParamSpec[]
  /** Names of the classes of a new task, in place of the checkpoint's. */
  readonly id2label?: Readonly<Record<string, string>>
  /** Seed of the parameters that the checkpoint lacks; default 0. */
  readonly seed?: number
}

/** A checkpoint, ready for `engine.place`. */
export interface Pretrained {
  readonly config: RobertaConfig
  /** Every parameter of the model. */
  readonly params: HostTensors
  /** Parameters that the checkpoint lacks: these are fresh. */
  readonly missing: readonly string[]
  /** Tensors of the checkpoint that the model does not use. */
  readonly unexpected: readonly string[]
}

/**
 * Loads a Hugging Face folder, `config.json` and `model.safetensors`, as transformers' `from_pretrained` does: an encoder
 * saved without the prefix `roberta.` is found as well, and position ids stored as a buffer are left out.
 *
 * @throws KicError `roberta/file`, `roberta/config`, `roberta/model-type`, `roberta/no-encoder`,
 * `nn/parameter-shape`, `nn/safetensors-…`
 */
export const loadPretrained = async (
  folder: string,
  options: LoadPretrainedOptions = {},
): Promise<Pretrained> => {
  const config = withLabels(await readConfig(join(folder, 'config.json')), options.id2label)
  const specs = options.parameters?.(config) ?? sequenceClassifier(config).parameters
  const { tensors } = await loadSafetensors(await weightsFile(folder), {
    only: (name) => !name.endsWith('embeddings.position_ids'),
  })
  const match = matchParameters(specs, withPrefix(tensors))
  if (!Object.keys(match.params).some((name) => name.includes('embeddings.word_embeddings'))) {
    throw new KicError(
      'roberta/no-encoder',
      `loadPretrained: ${folder} holds ${Object.keys(tensors).length} tensors but not the encoder's word embeddings. Its parameters must be named as transformers names them.`,
    )
  }
  const fresh = initialize(match.missing, options.seed ?? 0)
  const params: Record<string, HostTensor> = {}
  for (const { name } of specs) {
    const tensor = match.params[name] ?? fresh[name]
    if (tensor) params[name] = tensor
  }
  return { config, params, missing: match.missing.map(({ name }) => name), unexpected: match.unexpected }
}

const readConfig = async (path: string): Promise<RobertaConfig> => {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw new KicError(
      'roberta/file',
      `loadPretrained: cannot read ${path}; a checkpoint folder holds a config.json.`,
      { cause },
    )
  }
  try {
    return parseRobertaConfig(JSON.parse(text))
  } catch (cause) {
    const code = cause instanceof KicError ? cause.code : 'roberta/config'
    throw new KicError(
      code,
      `loadPretrained: ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }
}

const withLabels = (config: RobertaConfig, id2label: LoadPretrainedOptions['id2label']): RobertaConfig =>
  id2label ? parseRobertaConfig({ ...config, id2label, label2id: undefined }) : config

const WEIGHTS = 'model.safetensors'

const weightsFile = async (folder: string): Promise<string> => {
  const files = await readdir(folder)
  if (files.includes(WEIGHTS)) return join(folder, WEIGHTS)
  const others = files.filter((file) => /\.(bin|safetensors|index\.json)$/.test(file))
  throw new KicError(
    'roberta/file',
    `loadPretrained: ${folder} has no ${WEIGHTS}${others.length > 0 ? `, only ${others.join(', ')}` : ''}. Convert the weights to one ${WEIGHTS}, as transformers' save_pretrained writes it.`,
  )
}

/** Adds the prefix that a bare encoder's checkpoint lacks. */
const withPrefix = (tensors: HostTensors): HostTensors => {
  const entries = Object.entries(tensors)
  if (entries.some(([name]) => name.startsWith(DEFAULT_PREFIX))) return tensors
  return Object.fromEntries(
    entries.map(([name, tensor]) => [
      /^(embeddings|encoder)\./.test(name) ? DEFAULT_PREFIX + name : name,
      tensor,
    ]),
  )
}
