import { createClassification } from '@kic/classification'
import type { Calibration, Explanation, PredictOptions, Prediction, Predictor } from '@kic/predictor'

const classification = createClassification('foods', [
  {
    name: 'kind',
    nodes: [
      { code: 'A', name: '곡물', english: 'Grain' },
      { code: 'B', name: '과일', english: 'Fruit' },
    ],
  },
  {
    name: 'food',
    nodes: [
      { code: 'A1', name: '쌀', english: 'Rice', parent: 'A' },
      { code: 'A2', name: '밀', english: 'Wheat', parent: 'A' },
      { code: 'B1', name: '사과', english: 'Apple', parent: 'B' },
    ],
  },
])

/** The call of `predict` that a test decides about. */
export interface Call {
  readonly texts: readonly string[]
  readonly options: PredictOptions
  /** Whether it is a call of `explain`. */
  readonly explained?: boolean
}

const prediction = (text: string, { topK = 3, reviewBelow = 0, coverage }: PredictOptions): Prediction => {
  if (text === '') return { status: 'unusable', text, reason: 'empty' }
  const confidence = 0.75
  const rice = { code: 'A1', name: '쌀', confidence }
  return {
    status: confidence < reviewBelow ? 'review' : 'coded',
    text,
    codes: { kind: { code: 'A', name: '곡물', confidence: 0.9 }, food: rice },
    confidence,
    top: [{ ...rice, labels: { kind: 'A', food: 'A1' } }].slice(0, topK),
    truncated: false,
    novelty: { pValue: 0.25, novel: false },
    ...(coverage !== undefined && { sets: { kind: [{ code: 'A', name: '곡물', confidence: 0.9 }], food: [rice] } }),
  }
}

const explanation = (text: string): Explanation => {
  const answer = prediction(text, {})
  const [first] = answer.status === 'unusable' ? [] : answer.top
  if (first === undefined) return { status: 'unusable', text, reason: 'empty' }
  return {
    status: 'explained',
    text,
    first,
    second: undefined,
    method: 'additive',
    characters: Array.from(text, (character) => ({ character, first: 0.5, second: 0 })),
    base: { first: 0.25, second: 0 },
    total: { first: 0.25 + 0.5 * text.length, second: 0 },
    strongest: { places: [0], text: text.slice(1), confidence: 0 },
    examples: [{ text: '쌀밥', code: 'A1', name: '쌀', similarity: 0.5 }],
  }
}

/** A predictor that answers at once, or whenever `before` lets it; it ends with an aborted signal as the real one does. */
export const scriptedPredictor = (
  before: (call: Call) => Promise<void> | undefined = () => undefined,
  calibration?: Calibration,
): {
  readonly predictor: Predictor
  readonly calls: readonly Call[]
  readonly explained: readonly string[]
  readonly disposed: () => boolean
} => {
  const calls: Call[] = []
  const explained: string[] = []
  let disposed = false
  const answer = async (texts: readonly string[], options: PredictOptions): Promise<Prediction[]> => {
    const { signal } = options
    calls.push({ texts, options })
    const left = new Promise<never>((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason))
    })
    left.catch(() => undefined)
    await Promise.race([before({ texts, options }), left])
    signal?.throwIfAborted()
    return texts.map((text) => prediction(text, options))
  }
  function predict(text: string, options?: PredictOptions): Promise<Prediction>
  function predict(texts: readonly string[], options?: PredictOptions): Promise<Prediction[]>
  async function predict(
    texts: string | readonly string[],
    options: PredictOptions = {},
  ): Promise<Prediction | Prediction[]> {
    return answer([texts].flat(), options)
  }
  const unused = (): never => {
    throw new Error('the server does not use it')
  }
  const predictor: Predictor = {
    info: {
      kind: 'model',
      name: '/secret/place/foods',
      models: [{ kind: 'network', name: '/secret/place/foods', precision: 'int8', maxTokens: 32 }],
      levels: ['kind', 'food'],
      classes: ['A1', 'A2', 'B1'],
      classification,
      preparation: {
        name: 'kic-text',
        version: 1,
        normalization: 'nfc',
        invisible: 'drop',
        spacing: 'single',
      },
      warnings: [],
      calibration,
    },
    predict,
    stream: unused,
    explain: async (text, { signal } = {}) => {
      explained.push(text)
      await before({ texts: [text], options: { signal }, explained: true })
      signal?.throwIfAborted()
      return explanation(text)
    },
    scores: unused,
    expectation: unused,
    dispose: async () => {
      disposed = true
    },
  }
  return { predictor, calls, explained, disposed: () => disposed }
}
