import * as z from 'zod'

const share = z.number().min(0).max(1)
/** No number of rows shows certainty. */
const uncertain = z.number().gt(0).lt(1)

/** Options of a request about what the model guarantees. */
export const guaranteeOptions = {
  targetAccuracy: uncertain.optional().meta({
    description:
      'Instead of `reviewBelow`: the accuracy of the answers with the status `coded`, at the finest level. The threshold is the lowest one that guarantees it.',
  }),
  confidence: uncertain
    .optional()
    .meta({ description: 'Probability that this guarantee holds; default 0.95.' }),
  coverage: share.optional().meta({
    description: 'Adds `sets`: codes among which the true one is so often, at each level.',
  }),
  classConditional: z.boolean().optional().meta({
    description: 'With `coverage`: covers each code so often, instead of all texts taken together.',
  }),
  exactCoverage: z
    .boolean()
    .optional()
    .meta({ description: 'With `coverage`: sets may be empty; otherwise they have the code of the answer.' }),
}

interface GivenOptions {
  readonly reviewBelow?: number | undefined
  readonly targetAccuracy?: number | undefined
  readonly confidence?: number | undefined
  readonly coverage?: number | undefined
  readonly classConditional?: boolean | undefined
  readonly exactCoverage?: boolean | undefined
}

/** Adds an issue for each option without the one that it is about. */
export const checkGuaranteeOptions = ({
  value,
  issues,
}: {
  readonly value: GivenOptions
  readonly issues: z.core.$ZodRawIssue[]
}): void => {
  const wrong = (path: keyof GivenOptions, message: string): void => {
    issues.push({ code: 'custom', input: value, path: [path], message })
  }
  if (value.targetAccuracy !== undefined && value.reviewBelow !== undefined)
    wrong('targetAccuracy', 'Must come without reviewBelow.')
  if (value.confidence !== undefined && value.targetAccuracy === undefined)
    wrong('confidence', 'Must come with targetAccuracy.')
  for (const option of ['classConditional', 'exactCoverage'] as const)
    if (value[option] === true && value.coverage === undefined) wrong(option, 'Must come with coverage.')
}

/** @param levelCode schema of a code with its name and confidence */
export const guaranteeAnswers = <Code extends z.ZodType>(levelCode: Code) => ({
  sets: z
    .record(z.string(), z.array(levelCode).readonly())
    .optional()
    .meta({ description: 'If asked for: by level name, the codes of a set, most probable first.' }),
  novelty: z
    .object({
      pValue: z
        .number()
        .meta({ description: 'How likely a text like the calibration rows is at least as strange.' }),
      novel: z.boolean().meta({ description: 'Whether that is at most 0.01.' }),
    })
    .optional()
    .meta({ description: 'Of a model with guarantees.' }),
})
