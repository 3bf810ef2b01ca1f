import { defined, type FolderFiles, KicError } from '@kic/core'
import type { Head } from '@kic/nn'
import { encodeSafetensors, type HostTensors } from '@kic/safetensors'
import { parseRobertaConfig, type RobertaConfig } from './config.ts'
import type { RobertaErrorCode } from './error-code.ts'
import { type ModelCard, modelCard } from './model-card.ts'
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

export interface EncodePretrainedOptions {
  readonly labels?: LabelSet | undefined
  readonly card?: ModelCard | undefined
}

/** The model card of a folder. */
export const CARD_FILE = 'README.md'

/**
 * A model as the files of a Hugging Face folder: `config.json`, `model.safetensors` with views of the parameters' own
 * memory, and a model card `README.md`. An encoder, a masked-LM model and a classifier with the standard head load into
 * transformers directly; for others, config and card state the requirements.
 *
 * @throws KicError `roberta/labels`, `safetensors/tensor-size`
 */
export const encodePretrained = (
  model: PretrainedModel,
  { labels, card }: EncodePretrainedOptions = {},
): FolderFiles => {
  const { params } = model
  const { architecture, head } = kindOf(model)
  const config = withArchitecture(withLabelSet(model.config, labels), architecture, head)
  const parameters = Object.values(params).reduce((sum, { data }) => sum + data.length, 0)
  return new Map<string, string | readonly Uint8Array[]>([
    ['model.safetensors', encodeSafetensors(params, { format: 'pt' })],
    ['config.json', `${JSON.stringify(config, null, 2)}\n`],
    [CARD_FILE, modelCard({ config, architecture, parameters, head }, card)],
  ])
}

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
      `encodePretrained: labels has ${codes.length} codes (${new Set(codes).size} different ones) and ${names.length} names, the config ${count} classes${
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
