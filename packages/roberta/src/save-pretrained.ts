import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defined, KicError } from '@kic/core'
import { writeFileAtomic, writeFolderAtomic } from '@kic/core/node'
import type { Head } from '@kic/nn'
import type { HostTensors } from '@kic/safetensors'
import { saveSafetensors } from '@kic/safetensors/node'
import { parseRobertaConfig, type RobertaConfig } from './config.ts'
import type { RobertaErrorCode } from './error-code.ts'
import { CARD_MARK, type ModelCard, modelCard } from './model-card.ts'
import { standardHead } from './standard-head.ts'

/** The labels of a classifier, in the order of its classes. */
export interface LabelSet {
  /** For example `KSIC rev. 10`. */
  readonly classification: string
  /** For example `group`. */
  readonly level: string
  readonly codes: readonly string[]
  /** Official names, one for each code. */
  readonly names: readonly string[]
}

export interface PretrainedModel {
  readonly config: RobertaConfig
  readonly params: HostTensors
  /** The head of the parameters; default: the one in the config, otherwise the standard one. */
  readonly head?: Pick<Head<RobertaConfig>, 'name'> | undefined
}

export interface SavePretrainedOptions {
  readonly labels?: LabelSet | undefined
  readonly card?: ModelCard | undefined
  /** Writes more files into the folder, for example `(at) => saveTokenizer(at, tokenizer)`. */
  readonly files?: ((folder: string) => Promise<void>) | undefined
}

/**
 * Writes a model as a Hugging Face folder: `config.json`, `model.safetensors`, a model card `README.md`, and the files
 * of `files`. An encoder, a masked-LM model and a classifier with the standard head load into transformers directly;
 * for others, config and card state the requirements.
 *
 * The folder appears as a whole: readers see the old one or the new one. Other files in it stay, except weights in
 * another format, which belong to another model. A README.md that was not generated also stays.
 *
 * @throws KicError `roberta/labels`, `core/write-failed`, `safetensors/tensor-size`
 */
export const savePretrained = async (
  folder: string,
  model: PretrainedModel,
  options: SavePretrainedOptions = {},
): Promise<void> => {
  const { params } = model
  const { architecture, head } = kindOf(model)
  const config = withArchitecture(withLabelSet(model.config, options.labels), architecture, head)
  const parameters = Object.values(params).reduce((sum, { data }) => sum + data.length, 0)
  const card = modelCard({ config, architecture, parameters, head }, options.card)
  const ownCard = await hasOwnCard(folder)
  await writeFolderAtomic(
    folder,
    async (at) => {
      await saveSafetensors(join(at, 'model.safetensors'), params, { format: 'pt' })
      await writeFileAtomic(join(at, 'config.json'), `${JSON.stringify(config, null, 2)}\n`)
      if (!ownCard) await writeFileAtomic(join(at, 'README.md'), card)
      await options.files?.(at)
    },
    (name) => WEIGHTS.test(name),
  )
}

/** Weights in any format that loading finds. */
export const WEIGHTS = /^(model|pytorch_model)(-\d{5}-of-\d{5})?\.(safetensors|bin)(\.index\.json)?$/

/**
 * The class of transformers that computes the same; for heads that it lacks, the encoder's class and the head's name;
 * for encoders that it lacks, no class.
 */
const kindOf = ({
  config,
  params,
  head,
}: PretrainedModel): { architecture?: string | undefined; head?: string | undefined } => {
  const has = (name: string): boolean => Object.hasOwn(params, name)
  const named = head?.name ?? config.kic?.head ?? standardHead.name
  const others = Object.keys(params).filter((name) => !/(^|\.)(embeddings|encoder)\./.test(name))
  const isLanguageModel = others.length > 0 && others.every((name) => name.startsWith('lm_head.'))
  // No class of transformers reads n-grams.
  if (config.ngram_sizes !== undefined)
    return { head: others.length === 0 || isLanguageModel ? undefined : named }
  if (others.length === 0) return { architecture: 'RobertaModel' }
  if (isLanguageModel) return { architecture: 'RobertaForMaskedLM' }
  const standard = [
    'classifier.dense.weight',
    'classifier.dense.bias',
    'classifier.out_proj.weight',
    'classifier.out_proj.bias',
  ]
  if (named === standardHead.name && standard.every(has) && others.length === standard.length) {
    return { architecture: 'RobertaForSequenceClassification' }
  }
  return { architecture: 'RobertaModel', head: named === standardHead.name ? 'custom' : named }
}

const withArchitecture = (
  config: RobertaConfig,
  architecture: string | undefined,
  head: string | undefined,
): RobertaConfig => {
  const { head: _, ...rest } = config.kic ?? {}
  const kic = head === undefined ? rest : { head, ...rest }
  const { kic: __, ...plain } = config
  // The weights are float32 now, regardless of their source.
  return {
    ...plain,
    architectures: architecture === undefined ? undefined : [architecture],
    ...Object.fromEntries(
      ['torch_dtype', 'dtype'].filter((key) => key in config).map((key) => [key, 'float32']),
    ),
    kic: Object.keys(kic).length > 0 ? kic : undefined,
  }
}

const withLabelSet = (config: RobertaConfig, labels: LabelSet | undefined): RobertaConfig => {
  if (labels === undefined) return config
  const { classification, level, codes, names } = labels
  const count = Object.keys(config.id2label).length
  const given = codes.map((code, id) => config.id2label[id] === code || config.id2label[id] === `LABEL_${id}`)
  if (
    codes.length !== count ||
    names.length !== count ||
    new Set(codes).size !== count ||
    given.includes(false)
  ) {
    throw new KicError<RobertaErrorCode>(
      'roberta/labels',
      `savePretrained: labels has ${codes.length} codes (${new Set(codes).size} different ones) and ${names.length} names, the config ${count} classes${
        given.includes(false) ? `, of which number ${given.indexOf(false)} has another name` : ''
      }. Give the codes in the order of the classes that the model was trained with.`,
    )
  }
  const byCode = Object.fromEntries(codes.map((code, id) => [code, defined(names[id])]))
  return parseRobertaConfig({
    ...config,
    id2label: Object.fromEntries(codes.map((code, id) => [id, code])),
    label2id: undefined,
    kic: { ...config.kic, classification, level, names: byCode },
  })
}

/** Whether a folder has a README.md that was not generated. */
export const hasOwnCard = async (folder: string): Promise<boolean> =>
  readFile(join(folder, 'README.md'), 'utf8').then(
    (text) => !text.includes(CARD_MARK),
    () => false,
  )
