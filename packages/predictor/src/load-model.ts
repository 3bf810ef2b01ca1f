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

/** How the weights that run are stored. */
export type Precision = 'int8' | 'float32' | 'float16'

/** Where transformers.js looks for them, in the order they are tried: the quickest first. */
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
  /** How texts become what the tokenizer reads. */
  readonly preparation: TextPreparation
  /** What the folder does not say and was assumed, in sentences. */
  readonly warnings: readonly string[]
  /** Longest row of tokens, special ones included. */
  readonly maxTokens: number
}

/**
 * Below this size threads wait for each other longer than they compute: model-mini takes half the processor time on one,
 * and on a busy machine less than half the time.
 */
const SMALL_BYTES = 8 * 2 ** 20

/** Whether weights run best on a single thread. */
export const isSmall = (weights: Uint8Array): boolean => weights.length < SMALL_BYTES

/** Everything a predictor needs of a model's folder. */
export interface LoadedModel extends ModelFolder {
  readonly precision: Precision
  readonly session: OrtSession
  readonly runtime: OnnxRuntime
}

export interface LoadModelOptions {
  /** Default: the first of int8, float32 and float16 that the folder has. */
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

/** The longest row that a model has positions for. RoBERTa numbers positions from behind the padding id; other models from 0. */
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
 * Config, tokenizer, preparation, notes and classes of a folder: everything but the weights.
 *
 * @throws KicError `predictor/config`, `predictor/no-tokenizer`, `predictor/labels`, `predictor/notes`,
 *   `predictor/bad-json`, `data/preparation`, or what `createTokenizer` throws.
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
        ? `loadPredictor: ${files.name} holds no config.json${missingBecause(files, ['config.json'])}; give the folder of a saved model`
        : `loadPredictor: config.json in ${files.name}: ${wrongPart(parsed.error.issues, configJson)}. Take the file from the model's own folder again.`,
    )
  }
  if (tokenizerJson === undefined) {
    throw new KicError(
      'predictor/no-tokenizer',
      `loadPredictor: ${files.name} holds no tokenizer.json${missingBecause(files, ['tokenizer.json'])}`,
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
  `${folder} has no ${PREPARATION_FILE} that says how texts were prepared when the model learned; they are prepared by ` +
  `default: ${describePreparation(defaultPreparation)}.`

/**
 * A model's folder, ready to run.
 *
 * @throws KicError `predictor/no-weights`, `predictor/bad-weights`,
 *   and as `readModelFolder`.
 */
export const loadModel = async (
  files: ModelFiles,
  runtime: OnnxRuntime,
  { precision, session: sessionOptions }: LoadModelOptions,
): Promise<LoadedModel> => {
  // Both are on their way at once; what is wrong with the folder itself is told first.
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
      `loadPredictor: ONNX Runtime cannot run ${WEIGHTS[weights.precision]} in ${files.name}: ` +
        `${cause instanceof Error ? cause.message : String(cause)}; export the model again`,
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
    `loadPredictor: ${files.name} holds none of ${paths.join(', ')}${missingBecause(files, paths)}; ` +
      'write them with `kic export`, or `saveOnnx` of @kic/roberta/node',
  )
}
