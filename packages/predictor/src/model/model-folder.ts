import { KicError } from '@kic/core'
import {
  defaultPreparation,
  describePreparation,
  PREPARATION_FILE,
  parsePreparation,
  type TextPreparation,
} from '@kic/data/prepare'
import { createTokenizer, type Tokenizer, tokenLimit } from '@kic/tokenizer'
import type { PredictorErrorCode } from '../error-code.ts'
import { type AssumedNotes, assumedNotes } from './assumed-notes.ts'
import { type ClassTree, classTree } from './class-tree.ts'
import { CONFIG_FILE, parseConfig } from './model-config.ts'
import { type ModelFiles, missingBecause, readJson } from './model-files.ts'
import { type ModelNotes, NOTES_FILE, parseNotes } from './model-notes.ts'

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

/** What the caller knows about folders. */
export interface FolderOptions {
  /** Notes that may be those of a folder without `kic.json`, by its labels; by default labels are the model's own. */
  readonly known?: readonly ModelNotes[] | undefined
}

const FILES = [
  CONFIG_FILE,
  NOTES_FILE,
  PREPARATION_FILE,
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
] as const

/**
 * Config, tokenizer, preparation, notes and classes of a folder: everything except the weights.
 *
 * @throws KicError `predictor/config`, `predictor/no-tokenizer`, `predictor/labels`, `predictor/notes`,
 * `predictor/bad-json`, `data/preparation`, and as `createTokenizer`
 */
export const readModelFolder = async (
  files: ModelFiles,
  { known = [] }: FolderOptions = {},
): Promise<ModelFolder> => {
  const [configJson, notesJson, preparationJson, tokenizerJson, tokenizerConfig, specialTokensMap] =
    await Promise.all(FILES.map((path) => readJson(files, path)))
  const { classes, classification, positions } = parseConfig(files, configJson)
  if (tokenizerJson === undefined) {
    throw new KicError<PredictorErrorCode>(
      'predictor/no-tokenizer',
      `loadPredictor: the folder must have a tokenizer.json, received ${files.name} without one${missingBecause(files, ['tokenizer.json'])}. Copy it from the original model.`,
    )
  }
  const { notes, warning }: AssumedNotes =
    notesJson === undefined
      ? assumedNotes(files.name, classes, classification, known)
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
    maxTokens: tokenLimit(tokenizer, positions),
  }
}

const unsaidPreparation = (folder: string): string =>
  `${folder} has no ${PREPARATION_FILE}, so texts are prepared by default: ${describePreparation(defaultPreparation)}.`
