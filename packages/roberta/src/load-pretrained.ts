import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Checkpoint,
  type HubOptions,
  openCheckpoint,
  readTensors,
  resolveModel,
} from '@kic/checkpoints/node'
import { isKicError, KicError } from '@kic/core'
import { type Head, initializeFrom, matchParameters, type ParamSpec, type TensorShape } from '@kic/nn'
import type { HostTensors } from '@kic/safetensors'
import { hostDType } from '@kic/safetensors'
import { parseRobertaConfig, type RobertaConfig } from './config.ts'
import type { RobertaErrorCode } from './error-code.ts'
import type { LoadReport } from './load-report.ts'
import { matchNames, type NameMatch } from './match-names.ts'
import { resizeVocabulary } from './resize-vocabulary.ts'
import { sequenceClassifier } from './sequence-classifier.ts'
import { standardHead } from './standard-head.ts'

export interface LoadPretrainedOptions {
  /** The head on the encoder; default: the standard one. */
  readonly head?: Head<RobertaConfig> | undefined
  /** All parameters of the model, instead of an encoder and a head. */
  readonly parameters?: ((config: RobertaConfig) => readonly ParamSpec[]) | undefined
  /** Names of the classes of a new task, instead of the checkpoint's. */
  readonly id2label?: Readonly<Record<string, string>> | undefined
  /**
   * Parameters to initialise freshly although the checkpoint has them, such as a head of another task, `(name) =>
   * name.startsWith('classifier.')`.
   */
  readonly fresh?: ((name: string) => boolean) | undefined
  /** Seed of fresh parameters; default 0. */
  readonly seed?: number | undefined
  /**
   * Number of tokens of the tokenizer in use. Another number in the checkpoint is an error, unless resizing is allowed.
   */
  readonly vocabSize?: number | undefined
  /**
   * Allows resizing the vocabulary to `vocabSize`. With `true`, tokens keep their numbers; a list gives for each new
   * token the old one whose values it takes, as in `resizeVocabulary`.
   */
  readonly resizeVocabulary?: boolean | readonly (number | undefined)[] | undefined
  /** How to get a model from the Hugging Face Hub. */
  readonly hub?: HubOptions | undefined
}

/** A checkpoint, ready for `engine.place`. */
export interface Pretrained {
  readonly config: RobertaConfig
  /** Every parameter of the model. */
  readonly params: HostTensors
  /** Parameters that the checkpoint lacks; they are fresh. */
  readonly missing: readonly string[]
  /** Tensors of the checkpoint that the model does not use. */
  readonly unexpected: readonly string[]
  /** The report of loading; `formatLoadReport` turns it into text. */
  readonly report: LoadReport
}

/**
 * Loads a model from a Hugging Face folder or the Hub, like transformers' `from_pretrained`: safetensors or a torch
 * `.bin` file, whole or in shards, with or without prefix. Buffers are skipped, unused heads stay unread, and missing
 * parameters are initialised.
 *
 * @param source a folder, or an id of the Hub such as `klue/roberta-small`
 * @throws KicError `roberta/file`, `roberta/config`, `roberta/model-type`, `roberta/no-encoder`,
 * `roberta/ambiguous-encoder`, `roberta/head`, `roberta/incomplete`, `roberta/untied`, `roberta/vocabulary-size`,
 * `roberta/vocabulary-rows`, `nn/parameter-shape`, `safetensors/tensor-dtype`, and what `resolveModel` and
 * `openCheckpoint` of `@kic/checkpoints` throw
 */
export const loadPretrained = async (
  source: string,
  options: LoadPretrainedOptions = {},
): Promise<Pretrained> => {
  const folder = await resolveModel(source, options.hub)
  const config = withLabels(await readConfig(join(folder, 'config.json')), options.id2label)
  checkHead(folder, config, options)
  const checkpoint = await openCheckpoint(folder)
  try {
    return await fromCheckpoint(folder, config, checkpoint, options)
  } finally {
    await checkpoint.close()
  }
}

const fromCheckpoint = async (
  folder: string,
  config: RobertaConfig,
  checkpoint: Checkpoint,
  options: LoadPretrainedOptions,
): Promise<Pretrained> => {
  const seed = options.seed ?? 0
  const specsOf = specsOption(options)
  const names = matchNames(
    checkpoint.tensors.keys(),
    specsOf(config).map(({ name }) => name),
  )
  checkTied(folder, config, names)
  const stored = storedVocabulary(folder, config, checkpoint, names, options)
  const specs = specsOf(stored)
  const wanted = new Map([...names.found].filter(([name]) => !options.fresh?.(name)))
  checkArchitecture(folder, config, wanted, options)
  const match = matchShapes(folder, specs, checkpoint, wanted)
  checkLayers(folder, config, match.missing, options)
  checkFresh(folder, match.missing, checkpoint)
  const tensors = await readTensors(
    checkpoint,
    new Set(Object.keys(match.params).flatMap((name) => wanted.get(name) ?? [])),
  )
  const named = [...wanted].flatMap(([name, at]) => {
    const tensor = tensors[at]
    return tensor ? [[name, tensor] as const] : []
  })
  const { params, fresh } = initializeFrom(specs, Object.fromEntries(named), seed)
  const size = options.vocabSize ?? config.vocab_size
  const rows = typeof options.resizeVocabulary === 'object' ? { rows: options.resizeVocabulary } : {}
  const model =
    size === stored.vocab_size && !rows.rows
      ? { config: stored, params }
      : resizeVocabulary({ config: stored, params }, size, { ...rows, seed })
  const report: LoadReport = {
    folder,
    files: checkpoint.files,
    loaded: Object.keys(match.params),
    missing: fresh,
    unexpected: [
      ...names.unused,
      ...[...names.found].flatMap(([name, at]) => (wanted.has(name) ? [] : [at])),
    ],
    buffers: names.buffers,
    renamings: names.renamings,
    resized: model.params === params ? undefined : { from: stored.vocab_size, to: size },
  }
  return { ...model, missing: report.missing, unexpected: report.unexpected, report }
}

const specsOption = ({
  parameters,
  head,
}: LoadPretrainedOptions): ((config: RobertaConfig) => readonly ParamSpec[]) =>
  parameters ?? ((config) => sequenceClassifier(config, head).parameters)

/** Compares shapes by the headers of the files, before anything is read. */
const matchShapes = (
  folder: string,
  specs: readonly ParamSpec[],
  checkpoint: Checkpoint,
  names: ReadonlyMap<string, string>,
) => {
  const shapes: Record<string, TensorShape> = {}
  try {
    for (const [name, at] of names) {
      const tensor = checkpoint.tensors.get(at)
      if (tensor) shapes[name] = { dtype: hostDType(tensor), shape: tensor.shape }
    }
    return matchParameters(specs, shapes)
  } catch (cause) {
    if (!isKicError(cause)) throw cause
    throw new KicError(
      cause.code,
      `loadPretrained: ${folder}: ${cause.message} Parameters of another task can be left out by the option fresh.`,
      { cause },
    )
  }
}

/** Fresh elements that any model may have: the heads of the largest tasks. */
const FRESH_ELEMENTS = 2 ** 26

/** A config of other sizes than the weights must not make us fill memory with parameters that no file has. */
const checkFresh = (folder: string, missing: readonly ParamSpec[], checkpoint: Checkpoint): void => {
  const count = (shape: readonly number[]): number => shape.reduce((product, axis) => product * axis, 1)
  const fresh = missing.reduce((sum, { shape }) => sum + count(shape), 0)
  const stored = [...checkpoint.tensors.values()].reduce((sum, { shape }) => sum + count(shape), 0)
  if (fresh <= FRESH_ELEMENTS + stored) return
  throw new KicError<RobertaErrorCode>(
    'roberta/incomplete',
    `loadPretrained: ${folder} holds ${stored} numbers, and by its config.json ${fresh} more in ${missing.length} parameters that it lacks, ${missing[0]?.name} for one. The config belongs to another checkpoint, or files are missing; download the folder again.`,
  )
}

/** An encoder with only some trained layers is useless, even if the rest fits. */
const checkLayers = (
  folder: string,
  config: RobertaConfig,
  missing: readonly ParamSpec[],
  { fresh }: LoadPretrainedOptions,
): void => {
  const lost = missing.filter(({ name }) => /encoder\.layer\.\d+\./.test(name) && !fresh?.(name))
  if (lost.length === 0) return
  throw new KicError<RobertaErrorCode>(
    'roberta/incomplete',
    `loadPretrained: by its config.json the encoder of ${folder} has ${config.num_hidden_layers} layers, but its weights lack ${lost.length} of their parameters, ${lost[0]?.name} for one. The config belongs to another checkpoint, or files are missing; download the folder again. Let the option fresh name layers that are meant to be new.`,
  )
}

const TABLE = 'embeddings.word_embeddings.weight'

/** The config with the vocabulary size of the weights. */
const storedVocabulary = (
  folder: string,
  config: RobertaConfig,
  checkpoint: Checkpoint,
  { found }: NameMatch,
  { vocabSize, resizeVocabulary }: LoadPretrainedOptions,
): RobertaConfig => {
  const at = [...found].find(([name]) => name.endsWith(TABLE))?.[1]
  if (at === undefined) {
    throw new KicError<RobertaErrorCode>(
      'roberta/no-encoder',
      `loadPretrained: ${folder} holds ${checkpoint.tensors.size} tensors but not the encoder's word embeddings. Its parameters must be named as transformers names them.`,
    )
  }
  const [rows = 0] = checkpoint.tensors.get(at)?.shape ?? []
  const size = vocabSize ?? config.vocab_size
  if (!resizeVocabulary && (rows !== config.vocab_size || rows !== size)) {
    throw new KicError<RobertaErrorCode>(
      'roberta/vocabulary-size',
      `loadPretrained: the word embeddings of ${folder} have ${rows} rows, its config.json says ${config.vocab_size}${
        vocabSize === undefined ? '' : `, and your tokenizer has ${vocabSize} tokens`
      }. Use the tokenizer that belongs to the model; or, if tokens of equal number mean the same, set resizeVocabulary to true; or give it the old token of each new one.`,
    )
  }
  return rows === config.vocab_size ? config : parseRobertaConfig({ ...config, vocab_size: rows })
}

/** A masked-LM head with a decoder of its own is computed differently. */
const checkTied = (folder: string, config: RobertaConfig, { found, unused }: NameMatch): void => {
  const untied = 'tie_word_embeddings' in config && config.tie_word_embeddings === false
  if (untied && found.has('lm_head.bias') && unused.some((name) => name.endsWith('lm_head.decoder.weight'))) {
    throw new KicError<RobertaErrorCode>(
      'roberta/untied',
      `loadPretrained: ${folder} says tie_word_embeddings: false and has a decoder of its own; only a decoder tied to the word embeddings is computed here.`,
    )
  }
}

/** Heads compute differently even with equal names and shapes. */
const checkHead = (folder: string, config: RobertaConfig, options: LoadPretrainedOptions): void => {
  const saved = config.kic?.head
  const asked = options.head?.name ?? (options.parameters ? undefined : standardHead.name)
  if (saved === undefined || asked === undefined || saved === asked) return
  const head = (options.head ?? standardHead).parameters(config)
  if (options.fresh && head.every(({ name }) => options.fresh?.(name))) return
  throw new KicError<RobertaErrorCode>(
    'roberta/head',
    `loadPretrained: ${folder} was saved with the head '${saved}', received '${asked}'. Set the option head to '${saved}'. To train another head on its encoder, let fresh select that head's parameters.`,
  )
}

/** The only class of transformers that implies a head: the standard one, whose parameters other heads have too. */
const STANDARD_CLASS = 'RobertaForSequenceClassification'

/** The same if the class of transformers implies the head, and another head would take parameters from it. */
const checkArchitecture = (
  folder: string,
  config: RobertaConfig,
  wanted: ReadonlyMap<string, string>,
  { head = standardHead, parameters }: LoadPretrainedOptions,
): void => {
  const isStandard = config.kic?.head === undefined && config.architectures?.includes(STANDARD_CLASS)
  if (!isStandard || parameters !== undefined || head.name === standardHead.name) return
  const taken = head.parameters(config).find(({ name }) => wanted.has(name))
  if (taken === undefined) return
  throw new KicError<RobertaErrorCode>(
    'roberta/head',
    `loadPretrained: ${folder} was saved as ${STANDARD_CLASS}, with the standard head, and '${head.name}' was asked for, which would take ${taken.name} from it. Let the option fresh name the parameters of the head; or, if the folder was trained with '${head.name}' and saved without its name, write "kic": {"head": "${head.name}"} into its config.json.`,
  )
}

const MAX_CONFIG_BYTES = 16 * 1024 * 1024

const readConfig = async (path: string): Promise<RobertaConfig> => {
  let text: string
  try {
    const { size } = await stat(path)
    if (size > MAX_CONFIG_BYTES) throw new Error(`it has ${size} bytes, at most ${MAX_CONFIG_BYTES} are read`)
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw new KicError<RobertaErrorCode>(
      'roberta/file',
      `loadPretrained: cannot read ${path}; a checkpoint folder holds a config.json. (${messageOf(cause)})`,
      { cause },
    )
  }
  try {
    return parseRobertaConfig(JSON.parse(text))
  } catch (cause) {
    const code = isKicError(cause) ? cause.code : 'roberta/config'
    throw new KicError(code, `loadPretrained: ${path}: ${messageOf(cause)}`, { cause })
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

const withLabels = (config: RobertaConfig, id2label: LoadPretrainedOptions['id2label']): RobertaConfig =>
  id2label ? parseRobertaConfig({ ...config, id2label, label2id: undefined }) : config
