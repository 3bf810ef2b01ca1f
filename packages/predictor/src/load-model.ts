import { isKicError, KicError } from '@kic/core'
import {
  defaultPreparation,
  describePreparation,
  PREPARATION_FILE,
  parsePreparation,
  type TextPreparation,
} from '@kic/data/prepare'
import { createTokenizer, type Tokenizer, tokenLimit } from '@kic/tokenizer'
import * as z from 'zod/mini'
import { type AssumedNotes, assumedNotes } from './assumed-notes.ts'
import { type ClassTree, classTree } from './class-tree.ts'
import { type ModelFiles, missingBecause, readJson } from './model-files.ts'
import { type ModelNotes, NOTES_FILE, parseNotes } from './model-notes.ts'
import type { OnnxRuntime, OrtSession } from './onnx-runtime.ts'
import { wrongPart } from './wrong-part.ts'

/** Storage format of the weights. */
export type Precision = 'int8' | 'float32' | 'float16'

/** Their paths as in transformers.js, in order of preference: fastest first. */
const WEIGHTS: Readonly<Record<Precision, string>> = {
  int8: 'onnx/model_quantized.onnx',
  float32: 'onnx/model.onnx',
  float16: 'onnx/model_fp16.onnx',
}

/** A model's folder without its weights. */
export interface ModelFolder {
  readonly name: string
  readonly tree: ClassTree
  readonly notes: ModelNotes
  readonly tokenizer: Tokenizer
  /** The preparation of texts before tokenizing. */
  readonly preparation: TextPreparation
  /** Assumptions about missing information, in sentences. */
  readonly warnings: readonly string[]
  /** Longest row of tokens, including special tokens. */
  readonly maxTokens: number
}

/**
 * Below this size, threads wait for each other longer than they compute: model-mini takes half the processor time on
 * one thread, and on a busy machine less than half the time.
 */
const SMALL_BYTES = 8 * 2 ** 20

/** Whether weights run fastest on a single thread. */
export const isSmall = (weights: Uint8Array): boolean => weights.length < SMALL_BYTES

/** Everything that a predictor needs from a model's folder. */
export interface LoadedModel extends ModelFolder {
  readonly precision: Precision
  readonly session: OrtSession
  readonly runtime: OnnxRuntime
}

export interface LoadModelOptions {
  /** Default: the first of int8, float32 and float16 in the folder. */
  readonly precision?: Precision | undefined
  /** Session options of ONNX Runtime, such as `{ intraOpNumThreads: 1 }`. */
  readonly session?: Readonly<Record<string, unknown>>
}

const count = z.int().check(z.positive())
const configSchema = z.object({
  id2label: z.record(z.string(), z.string()),
  max_position_embeddings: count,
  pad_token_id: z.optional(z.int()),
  model_type: z.string(),
  kic: z.optional(z.object({ classification: z.optional(z.string()) })),
})

/**
 * The longest row for which a model has positions. RoBERTa numbers positions from the one after the padding id, other
 * models from 0.
 */
const positionsOf = ({
  model_type,
  max_position_embeddings,
  pad_token_id,
}: z.infer<typeof configSchema>): number =>
  /roberta/.test(model_type) ? max_position_embeddings - (pad_token_id ?? 1) - 1 : max_position_embeddings

/** Class names by number. */
const classNames = (id2label: Readonly<Record<string, string>>): readonly string[] =>
  Array.from({ length: Object.keys(id2label).length }, (_, i) => id2label[i] ?? '')

/**
 * Config, tokenizer, preparation, notes and classes of a folder: everything except the weights.
 *
 * @throws KicError `predictor/config`, `predictor/no-tokenizer`, `predictor/labels`, `predictor/notes`,
 * `predictor/bad-json`, `data/preparation`, and as `createTokenizer`
 */
export const readModelFolder = async (files: ModelFiles): Promise<ModelFolder> => {
  const [configJson, notesJson, preparationJson, tokenizerJson, tokenizerConfig, specialTokensMap] =
    await Promise.all(
      [
        'config.json',
        NOTES_FILE,
        PREPARATION_FILE,
        'tokenizer.json',
        'tokenizer_config.json',
        'special_tokens_map.json',
      ].map((path) => readJson(files, path)),
    )
  const parsed = configSchema.safeParse(configJson)
  if (!parsed.success) {
    throw new KicError(
      'predictor/config',
      configJson === undefined
        ? `loadPredictor: the folder must have a config.json, received ${files.name} without one${missingBecause(files, ['config.json'])}. Use the folder of a saved model.`
        : `loadPredictor: config.json in ${files.name}: ${wrongPart(parsed.error.issues, configJson)}. Copy the file from the original model.`,
    )
  }
  if (tokenizerJson === undefined) {
    throw new KicError(
      'predictor/no-tokenizer',
      `loadPredictor: the folder must have a tokenizer.json, received ${files.name} without one${missingBecause(files, ['tokenizer.json'])}. Copy it from the original model.`,
    )
  }
  const classes = classNames(parsed.data.id2label)
  const { notes, warning }: AssumedNotes =
    notesJson === undefined
      ? assumedNotes(files.name, classes, parsed.data.kic?.classification)
      : { notes: parseNotes(notesJson) }
  const preparation = preparationJson === undefined ? undefined : parsePreparation(preparationJson)
  const tokenizer = createTokenizer({ tokenizerJson, tokenizerConfig, specialTokensMap })
  return {
    name: files.name,
    notes,
    tree: classTree(notes.classification, classes),
    tokenizer,
    preparation: preparation ?? defaultPreparation,
    warnings: [
      ...(warning === undefined ? [] : [warning]),
      ...(preparation === undefined ? [unsaidPreparation(files.name)] : []),
    ],
    maxTokens: tokenLimit(tokenizer, positionsOf(parsed.data)),
  }
}

const unsaidPreparation = (folder: string): string =>
  `${folder} has no ${PREPARATION_FILE} with the preparation of its training texts; texts are prepared by ` +
  `default: ${describePreparation(defaultPreparation)}.`

/**
 * A model's folder, ready to run.
 *
 * @throws KicError `predictor/no-weights`, `predictor/bad-weights`, and as `readModelFolder`
 */
export const loadModel = async (
  files: ModelFiles,
  runtime: OnnxRuntime,
  { precision, session: sessionOptions }: LoadModelOptions,
): Promise<LoadedModel> => {
  // Both load at the same time. Faults of the folder itself are reported first.
  const reading = Promise.allSettled([readWeights(files, precision)])
  const folder = await readModelFolder(files)
  const [read] = await reading
  if (read.status === 'rejected') throw read.reason
  const weights = read.value
  let session: OrtSession
  try {
    session = await runtime.InferenceSession.create(weights.bytes, {
      logSeverityLevel: 3,
      ...(isSmall(weights.bytes) ? { intraOpNumThreads: 1 } : {}),
      ...sessionOptions,
    })
  } catch (cause) {
    if (isKicError(cause)) throw cause
    throw new KicError(
      'predictor/bad-weights',
      `loadPredictor: ONNX Runtime must be able to run ${WEIGHTS[weights.precision]} in ${files.name}, received an error: ` +
        `${cause instanceof Error ? cause.message : String(cause)}. Export the model again.`,
      { cause },
    )
  }
  return { ...folder, precision: weights.precision, session, runtime }
}

const readWeights = async (
  files: ModelFiles,
  wanted: Precision | undefined,
): Promise<{ precision: Precision; bytes: Uint8Array }> => {
  const candidates: readonly Precision[] = wanted === undefined ? ['int8', 'float32', 'float16'] : [wanted]
  for (const precision of candidates) {
    const bytes = await files.read(WEIGHTS[precision])
    if (bytes !== undefined) return { precision, bytes }
  }
  const paths = candidates.map((name) => WEIGHTS[name])
  throw new KicError(
    'predictor/no-weights',
    `loadPredictor: the folder must have one of ${paths.join(', ')}, received ${files.name} without them${missingBecause(files, paths)}. ` +
      'Write them with `kic export`, or `saveOnnx` of @kic/roberta/node.',
  )
}
