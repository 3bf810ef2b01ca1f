import { KicError, overlapWindows } from '@kic/core'
import type { TextPreparation } from '@kic/data/prepare'
import { checkThreshold, type Expectation, expectationAt, softmax } from '@kic/scores'
import { type BatchQueue, createBatchQueue, type RunBatch } from './batch-queue.ts'
import { readDistribution } from './class-tree.ts'
import type { LoadedModel, Precision } from './load-model.ts'
import type { Calibration } from './model-notes.ts'
import type { CodedText, Prediction, UnusableReason } from './prediction.ts'
import { createScoreMemory, type ScoreMemory } from './score-memory.ts'
import { checkText } from './usable-text.ts'

export interface PredictOptions {
  /** Number of candidates per prediction; default 3. */
  readonly topK?: number
  /** Predictions below this confidence get the status `review`; default 0, none. */
  readonly reviewBelow?: number
  /** Overrides the model's own temperature. */
  readonly temperature?: number
  /** Aborts the call with the signal's reason. */
  readonly signal?: AbortSignal
}

/** The model's scores of texts, before calibration. */
export interface RawScores {
  /** [N, C]; zeros for unusable texts. */
  readonly logits: Float32Array
  /** C. */
  readonly classes: number
  readonly usable: readonly boolean[]
  /** The reason why a text is unusable; `undefined` for usable texts. */
  readonly reasons: readonly (UnusableReason | undefined)[]
}

/** Description of a predictor. */
export interface PredictorInfo {
  readonly name: string
  readonly precision: Precision
  /** Names of the levels of predictions, coarsest first. */
  readonly levels: readonly string[]
  /** Codes of the model's classes, by class number. */
  readonly classes: readonly string[]
  /** The classification's name. */
  readonly classification: string
  readonly maxTokens: number
  /** The preparation of every text, as in training. */
  readonly preparation: TextPreparation
  /** Assumptions about missing information in the model's folder, in sentences; show them to people. */
  readonly warnings: readonly string[]
  /** Absent if the model is not calibrated. */
  readonly calibration?: Calibration
}

/** Predicts codes of texts. Calls may overlap. */
export interface Predictor {
  readonly info: PredictorInfo
  /** One text. */
  predict(text: string, options?: PredictOptions): Promise<Prediction>
  /** Several texts; returns one prediction per text, in order. For more texts than fit into memory, use `stream`. */
  predict(texts: readonly string[], options?: PredictOptions): Promise<Prediction[]>
  /** Any number of texts, in bounded memory; predictions are in the order of the texts. */
  stream(
    texts: Iterable<string> | AsyncIterable<string>,
    options?: PredictOptions,
  ): AsyncGenerator<Prediction>
  /** The model's own scores, for calibration and evaluation. */
  scores(texts: readonly string[], signal?: AbortSignal): Promise<RawScores>
  /**
   * The expected result if texts below a threshold go to a person; `undefined` for a model without a validation curve.
   */
  expectation(reviewBelow: number): Expectation | undefined
  /** Frees the model. Running calls fail. */
  dispose(): Promise<void>
}

/** Rows tokenized, sorted by length and held at once. */
const WINDOW = 4096

/** Texts whose scores are cached from window to window. */
const REMEMBERED = 8 * WINDOW

interface Usable {
  readonly text: string
  readonly tokens: Int32Array
  readonly truncated: boolean
}

/** A checked text: its tokens, or the reason why it has none. */
type Prepared = Usable | { readonly text: string; readonly reason: UnusableReason }

class ModelPredictor implements Predictor {
  readonly info: PredictorInfo
  private readonly queue: BatchQueue
  private readonly memory: ScoreMemory
  private disposed = false

  constructor(
    private readonly model: LoadedModel,
    batchSize: number,
  ) {
    const { tree, notes } = model
    this.info = {
      name: model.name,
      precision: model.precision,
      levels: tree.levels,
      classes: tree.codes,
      classification: notes.classification.name,
      maxTokens: model.maxTokens,
      preparation: model.preparation,
      warnings: model.warnings,
      ...(notes.calibration === undefined ? {} : { calibration: notes.calibration }),
    }
    this.memory = createScoreMemory(REMEMBERED)
    this.queue = createBatchQueue(batchRunner(model), batchSize, model.session.runsAtOnce)
  }

  predict(text: string, options?: PredictOptions): Promise<Prediction>
  predict(texts: readonly string[], options?: PredictOptions): Promise<Prediction[]>
  async predict(
    texts: string | readonly string[],
    options: PredictOptions = {},
  ): Promise<Prediction | Prediction[]> {
    checkOptions(options)
    if (typeof texts === 'string') {
      const [only] = await this.predictWindow([texts], options)
      if (only === undefined) throw new Error('one text has one prediction')
      return only
    }
    const predictions: Prediction[] = []
    for (let start = 0; start < texts.length; start += WINDOW) {
      predictions.push(...(await this.predictWindow(texts.slice(start, start + WINDOW), options)))
    }
    return predictions
  }

  async *stream(
    texts: Iterable<string> | AsyncIterable<string>,
    options: PredictOptions = {},
  ): AsyncGenerator<Prediction> {
    checkOptions(options)
    const windows = overlapWindows(texts, WINDOW, (window) => this.predictWindow(window, options))
    for await (const predictions of windows) yield* predictions
  }

  async scores(texts: readonly string[], signal?: AbortSignal): Promise<RawScores> {
    const classes = this.info.classes.length
    const logits = new Float32Array(texts.length * classes)
    const reasons: RawScores['reasons'][number][] = []
    for (let start = 0; start < texts.length; start += WINDOW) {
      const prepared = this.prepare(texts.slice(start, start + WINDOW))
      const { scores, places } = await this.run(prepared, signal)
      for (const [i, row] of prepared.entries()) {
        reasons.push('tokens' in row ? undefined : row.reason)
        const at = (places.get(row.text) ?? 0) * classes
        if ('tokens' in row) logits.set(scores.subarray(at, at + classes), (start + i) * classes)
      }
    }
    return { logits, classes, usable: reasons.map((reason) => reason === undefined), reasons }
  }

  expectation(reviewBelow: number): Expectation | undefined {
    checkThreshold('expectation', reviewBelow)
    const curve = this.info.calibration?.curve
    return curve === undefined ? undefined : expectationAt(curve, reviewBelow)
  }

  async dispose(): Promise<void> {
    if (this.disposed) return
    this.disposed = true
    await this.model.session.release()
  }

  private async predictWindow(texts: readonly string[], options: PredictOptions): Promise<Prediction[]> {
    const { topK = 3, reviewBelow = 0, signal } = options
    const prepared = this.prepare(texts)
    const { scores, places } = await this.run(prepared, signal)
    const classes = this.info.classes.length
    const temperature = options.temperature ?? this.info.calibration?.temperature ?? 1
    const probabilities = new Float64Array(classes)
    return prepared.map((row): Prediction => {
      if (!('tokens' in row)) return { status: 'unusable', text: row.text, reason: row.reason }
      const at = (places.get(row.text) ?? 0) * classes
      softmax(scores.subarray(at, at + classes), { temperature, into: probabilities })
      const { codes, top } = readDistribution(this.model.tree, probabilities, topK)
      const confidence = codes[this.info.levels.at(-1) ?? '']?.confidence ?? 0
      const status: CodedText['status'] = confidence < reviewBelow ? 'review' : 'coded'
      return { status, text: row.text, codes, confidence, top, truncated: row.truncated }
    })
  }

  /** Scores of the distinct usable texts, and the row of each text: repeated answers are computed once. */
  private async run(
    prepared: readonly Prepared[],
    signal: AbortSignal | undefined,
  ): Promise<{ scores: Float32Array; places: ReadonlyMap<string, number> }> {
    if (this.disposed) {
      throw new KicError(
        'predictor/disposed',
        'predict: the predictor must not be disposed, received a call after dispose(). Load the model again.',
      )
    }
    const places = new Map<string, number>()
    const unique = prepared.filter((row): row is Usable => {
      if (!('tokens' in row) || places.has(row.text)) return false
      places.set(row.text, places.size)
      return true
    })
    // Single texts come from people and are not cached; texts of files are worth caching.
    const memory = prepared.length === WINDOW ? this.memory : undefined
    if (memory === undefined) {
      return {
        scores: await this.queue.run(
          unique.map(({ tokens }) => tokens),
          signal,
        ),
        places,
      }
    }
    return { scores: await this.recall(memory, unique, signal), places }
  }

  /** Scores of distinct texts; cached texts are not computed again. */
  private async recall(
    memory: ScoreMemory,
    unique: readonly Usable[],
    signal: AbortSignal | undefined,
  ): Promise<Float32Array> {
    const earlier = unique.map(({ text }) => memory.find(text))
    const missing = unique.filter((_, i) => earlier[i] === undefined)
    const computed = this.queue.run(
      missing.map(({ tokens }) => tokens),
      signal,
      true,
    )
    memory.remember(
      missing.map(({ text }) => text),
      computed,
    )
    const ready = new Map([[computed, await computed]])
    const classes = this.info.classes.length
    const scores = new Float32Array(unique.length * classes)
    let next = 0
    for (const [i, { tokens }] of unique.entries()) {
      const { scores: found, row } = earlier[i] ?? { scores: computed, row: next++ }
      // Another call's computation may have been aborted; this call continues.
      const rows = ready.get(found) ?? (await found.catch(() => undefined))
      if (rows !== undefined) ready.set(found, rows)
      const own = rows?.subarray(row * classes, (row + 1) * classes)
      scores.set(own ?? (await this.queue.run([tokens], signal)), i * classes)
    }
    return scores
  }

  /** Prepares and checks texts, and tokenizes the usable ones. */
  private prepare(texts: readonly string[]): readonly Prepared[] {
    const { tokenizer, maxTokens, notes, preparation } = this.model
    const checked = texts.map((text, i) => {
      if (typeof text === 'string') return checkText(text, notes.script, preparation)
      throw new KicError(
        'predictor/not-a-string',
        `predict: text ${i} must be a string, received ${typeof text}. Pass strings.`,
      )
    })
    const usable = checked.filter(({ reason }) => reason === undefined)
    if (usable.length === 0) return checked.map(({ text, reason = 'empty' }) => ({ text, reason }))
    const { inputIds, shape, lengths } = tokenizer.encodeBatch(
      usable.map(({ text }) => text),
      { maxLength: maxTokens, bucket: 1, typeVocabSize: 1 },
    )
    const unknown = tokenizer.specialTokens.unk.id
    let at = 0
    return checked.map(({ text, reason }): Prepared => {
      if (reason !== undefined) return { text, reason }
      const length = lengths[at] ?? 0
      const tokens = inputIds.slice(at * shape[1], at * shape[1] + length)
      at += 1
      if (!tokens.some((id) => id !== unknown && !tokenizer.isSpecial(id)))
        return { text, reason: 'unknown-words' }
      return { text, tokens, truncated: length === maxTokens && tokenizer.encode(text).length > maxTokens }
    })
  }
}

/** @throws KicError `scores/threshold`, `predictor/top-k` */
const checkOptions = ({ topK = 3, reviewBelow = 0 }: PredictOptions): void => {
  checkThreshold('predict', reviewBelow)
  if (Number.isInteger(topK) && topK >= 0) return
  throw new KicError(
    'predictor/top-k',
    `predict: topK must be an integer of at least 0, received ${topK}. Correct it.`,
  )
}

/** Rows as int64 [B, S]: one number per token, and `padding` after them. */
const int64Rows = (
  rows: readonly Int32Array[],
  width: number,
  padding: number,
  numberOf: (token: number) => number,
): BigInt64Array => {
  const result = new BigInt64Array(rows.length * width)
  // Each number is two 32-bit words, the lower one first.
  const words = new Int32Array(result.buffer)
  let at = 0
  for (const row of rows) {
    for (const token of row) {
      words[at] = numberOf(token)
      at += 2
    }
    for (let i = row.length; i < width; i++) {
      words[at] = padding
      at += 2
    }
  }
  return result
}

/** Pads rows to the longest one and runs them. */
const batchRunner = ({ session, runtime, tokenizer, tree, name }: LoadedModel): RunBatch => {
  const [output = 'logits'] = session.outputNames
  const padding = tokenizer.specialTokens.pad.id
  const inputs: Readonly<Record<string, (rows: readonly Int32Array[], width: number) => BigInt64Array>> = {
    input_ids: (rows, width) => int64Rows(rows, width, padding, (token) => token),
    attention_mask: (rows, width) => int64Rows(rows, width, 0, () => 1),
    token_type_ids: (rows, width) => new BigInt64Array(rows.length * width),
  }
  return async (rows) => {
    const width = rows.reduce((longest, row) => Math.max(longest, row.length), 1)
    const feeds = session.inputNames.map((input) => {
      const values = inputs[input]
      if (values !== undefined) {
        return [input, new runtime.Tensor('int64', values(rows, width), [rows.length, width])] as const
      }
      throw new KicError(
        'predictor/unknown-input',
        `predict: a model's inputs must be among input_ids, attention_mask and token_type_ids, received '${input}' from the model ${name}. Export it again.`,
      )
    })
    const scores = (await session.run(Object.fromEntries(feeds)))[output]
    if (scores?.data instanceof Float32Array && scores.data.length === rows.length * tree.codes.length) {
      return { scores: scores.data, classes: tree.codes.length }
    }
    throw new KicError(
      'predictor/wrong-output',
      `predict: the model ${name} must return float32 [${rows.length}, ${tree.codes.length}], one score per class of config.json, ` +
        `received [${scores?.dims}]. Export it again.`,
    )
  }
}

/** A predictor for a loaded model. */
export const createPredictor = (model: LoadedModel, batchSize = 64): Predictor =>
  new ModelPredictor(model, batchSize)
