import { z } from 'zod'
import { ngramError } from '../ngram-error.ts'

const labels = z.array(z.string()).min(2)
const length = z.int().min(1).max(100)
/** Whether n-grams stay within words, or spaces, punctuation and symbols are dropped. */
const words = z.enum(['apart', 'joined'])

const linear = {
  /** Characters of the shortest and of the longest n-grams. */
  shortest: length.default(1),
  longest: length.default(4),
  words: words.default('apart'),
  C: z.number().positive().default(0.5),
  tolerance: z.number().positive().default(0.1),
  maxPasses: z.int().positive().default(200),
  seed: z.int().default(0),
}
const linearSvc = z.strictObject({ model: z.literal('linear-svc'), ...linear })
const nbSvc = z.strictObject({
  model: z.literal('nb-svc'),
  ...linear,
  C: z.number().positive().default(0.1),
})
const logisticRegression = z.strictObject({
  model: z.literal('logistic-regression'),
  ...linear,
  C: z.number().positive().default(30),
})
const naiveBayes = z.strictObject({
  model: z.literal('naive-bayes'),
  shortest: length.default(1),
  longest: length.default(4),
  words: words.default('joined'),
  /** What is added to the count of each n-gram in each class. */
  smoothing: z.number().min(1e-12).max(1e6).default(0.02),
})
const nearest = z.strictObject({
  model: z.literal('nearest'),
  shortest: length.default(2),
  longest: length.default(3),
  words: words.default('apart'),
  /** How many neighbours vote, each by its similarity to the power of `power`. */
  neighbours: z.int().min(1).max(10_000).default(20),
  power: z.number().min(0).max(100).default(2),
  /** What every class has before votes are counted. */
  smoothing: z.number().min(1e-12).max(1e6).default(0.01),
  /** n-grams of more training texts than this are left out. */
  mostTexts: z.int().min(1).default(50_000),
})

const isRange = ({ shortest, longest }: { shortest: number; longest: number }): boolean => shortest <= longest
const RANGE = { message: 'shortest must be at most longest' }

const options = z.discriminatedUnion('model', [
  linearSvc.refine(isRange, RANGE),
  nbSvc.refine(isRange, RANGE),
  logisticRegression.refine(isRange, RANGE),
  naiveBayes.refine(isRange, RANGE),
  nearest.refine(isRange, RANGE),
])
const settings = z.discriminatedUnion('model', [
  linearSvc.extend({ labels }).refine(isRange, RANGE),
  nbSvc.extend({ labels }).refine(isRange, RANGE),
  logisticRegression.extend({ labels }).refine(isRange, RANGE),
  naiveBayes.extend({ labels }).refine(isRange, RANGE),
  nearest.extend({ labels }).refine(isRange, RANGE),
])

/** How a model of n-grams learns. */
export type NgramModelOptions = z.input<typeof options>
/** How a model of n-grams learned, with its classes in the order of the scores' columns. */
export type NgramSettings = z.output<typeof settings>
/** Of a model with a weight for each n-gram and class. */
export type LinearSettings = Extract<
  NgramSettings,
  { model: 'linear-svc' | 'nb-svc' | 'logistic-regression' }
>

/** Of naive Bayes. */
export type BayesSettings = Extract<NgramSettings, { model: 'naive-bayes' }>

/**
 * Options with their defaults, and the classes.
 *
 * @throws KicError `ngram/options`
 */
export const settingsOf = (given: NgramModelOptions, classes: readonly string[]): NgramSettings => {
  const parsed = options.safeParse(given)
  if (parsed.success) return { ...parsed.data, labels: [...classes] }
  throw ngramError(
    'ngram/options',
    `trainNgramModel: options must be valid. ${z.prettifyError(parsed.error)}`,
  )
}

/**
 * The settings that a file of a model tells.
 *
 * @throws KicError `ngram/file`
 */
export const parseSettings = (text: string | undefined): NgramSettings => {
  const parsed = settings.safeParse(jsonOf(text))
  if (parsed.success) return parsed.data
  throw ngramError(
    'ngram/file',
    `readNgramModel: the file must have the settings of a model of n-grams. ${z.prettifyError(parsed.error)}`,
  )
}

const jsonOf = (text = ''): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
