import * as z from 'zod'
import type { Limits } from '../limits.ts'
import { candidate, labels, levelCode, unusable } from './candidate-schema.ts'
import { explanationSchema } from './explanation-schema.ts'
import { checkGuaranteeOptions, guaranteeAnswers, guaranteeOptions } from './guarantee-schema.ts'

const coded = z.object({
  status: z.enum(['coded', 'review']).meta({ description: '`review` below `reviewBelow`.' }),
  text: z.string().meta({ description: 'The classified text, after the model’s preparation.' }),
  codes: z.record(z.string(), levelCode).meta({ description: 'Codes by level name, coarsest first.' }),
  confidence: z.number().meta({ description: 'The confidence at the finest level.' }),
  top: z.array(candidate).readonly().meta({ description: 'The most probable classes of the finest level.' }),
  truncated: z.boolean().meta({ description: 'Whether the text was longer than the model’s input.' }),
  ...guaranteeAnswers(levelCode),
})

export const predictionSchema = z
  .discriminatedUnion('status', [coded, unusable])
  .meta({ id: 'Prediction', description: 'The answer to a text.' })

/** Candidates of an answer. */
const MOST_CANDIDATES = 100

export const classifyRequest = ({ maxTexts, maxExplained, maxTextLength }: Limits) => {
  const text = z.string().max(maxTextLength)
  return z
    .strictObject({
      text: text.optional().meta({ description: 'One text; the answer has `prediction`.' }),
      texts: z
        .array(text)
        .min(1)
        .max(maxTexts)
        .optional()
        .meta({ description: 'Several texts; the answer has `predictions`, in their order.' }),
      topK: z.int().min(0).max(MOST_CANDIDATES).optional().meta({ description: 'Candidates; default 3.' }),
      reviewBelow: z
        .number()
        .min(0)
        .max(1)
        .optional()
        .meta({ description: 'Answers below this confidence have the status `review`; default 0, none.' }),
      ...guaranteeOptions,
      explain: z
        .boolean()
        .optional()
        .meta({ description: `Adds the reasons of each answer, for at most ${maxExplained} texts.` }),
    })
    .check(checkGuaranteeOptions)
    .refine(({ text, texts }) => (text === undefined) !== (texts === undefined), {
      message: 'Must have either text or texts.',
    })
    .refine(({ texts = [], explain = false }) => !explain || texts.length <= maxExplained, {
      message: `With explain, must have at most ${maxExplained} texts.`,
      path: ['texts'],
    })
    .meta({
      id: 'ClassifyRequest',
      oneOf: [{ required: ['text'] }, { required: ['texts'] }],
      if: { properties: { explain: { const: true } }, required: ['explain'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { properties: { texts: { maxItems: maxExplained } } },
    })
}

const model = z.string().meta({ description: 'Id of the model, as in `/v1/model`.' })

export const classifyAnswer = z
  .union([
    z.object({ model, prediction: predictionSchema, explanation: explanationSchema.optional() }),
    z.object({
      model,
      predictions: z.array(predictionSchema),
      explanations: z.array(explanationSchema).optional(),
    }),
  ])
  .meta({
    id: 'ClassifyAnswer',
    description: 'As many answers as texts, and with explain as many explanations.',
  })

/** Classes of an answer. */
const MOST_CLASSES = 1000

export const classesQuery = z.strictObject({
  query: z
    .string()
    .max(200)
    .default('')
    .meta({ description: 'The beginning of a code, or words of a name.' }),
  level: z.string().max(200).optional().meta({ description: 'Name of a level; default: all levels.' }),
  limit: z.coerce.number().int().min(1).max(MOST_CLASSES).default(50),
})

export const classesAnswer = z
  .object({
    total: z.int().min(0).meta({ description: 'Number of matches, of which the first `limit` are listed.' }),
    classes: z.array(
      z.object({
        level: z.string(),
        code: z.string(),
        name: z.string(),
        english: z.string().optional(),
        labels,
      }),
    ),
  })
  .meta({ id: 'ClassesAnswer', description: 'Exact codes first, then longer codes, then names.' })

export const modelAnswer = z
  .object({
    id: z.string().meta({ description: 'SHA-256 over the model’s files.' }),
    name: z.string(),
    kind: z.enum(['model', 'ensemble']),
    classification: z.string(),
    levels: z.array(z.string()).meta({ description: 'Coarsest first.' }),
    classes: z.int().min(0).meta({ description: 'Classes of the finest level that the model tells apart.' }),
    preparation: z
      .looseObject({ name: z.string(), version: z.int().min(0) })
      .meta({ description: 'How texts are prepared.' }),
    calibrated: z.boolean(),
    guarantees: z
      .boolean()
      .meta({ description: 'Whether requests may ask for coverage and targetAccuracy.' }),
    models: z
      .array(
        z.object({
          kind: z.enum(['network', 'ngram', 'reranked']),
          name: z.string(),
          precision: z.string().optional(),
          maxTokens: z.int().min(0).optional(),
        }),
      )
      .meta({ description: 'The model, or those of the ensemble.' }),
    server: z.string().meta({ description: 'Version of @kic/server.' }),
  })
  .meta({ id: 'ModelAnswer', description: 'The model.' })

export const stateAnswer = z.object({ status: z.string() }).meta({ id: 'State' })
