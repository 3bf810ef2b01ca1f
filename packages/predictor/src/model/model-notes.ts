import { type Classification, createClassification } from '@kic/classification'
import { KicError } from '@kic/core'
import type { BudgetName } from '@kic/ensemble'
import type { ValidationCurve } from '@kic/scores'
import * as z from 'zod/mini'
import type { PredictorErrorCode } from '../error-code.ts'
import type { Guarantees } from '../guarantees/guarantees.ts'
import { guaranteesFault, guaranteesSchema } from '../guarantees/guarantees-schema.ts'
import { curveFault, curveSchema } from './curve-schema.ts'
import { scriptPattern } from './script.ts'
import type { AcceptedTexts } from './text-kinds.ts'
import { wrongPart } from './wrong-part.ts'

/** The file beside `config.json` with the model's classification and calibration. */
export const NOTES_FILE = 'kic.json'

/** The calibration of a model's confidence. */
export interface Calibration {
  /** Logits are divided by it before the softmax. */
  readonly temperature: number
  /** A description of the validation rows. */
  readonly on: string
  /** On all rows. */
  readonly curve: ValidationCurve
  /** What some of the rows promise; absent if they were too few. */
  readonly guarantees?: Guarantees | undefined
}

/** Information in a model's folder beyond Hugging Face's files. */
export interface ModelNotes extends AcceptedTexts {
  readonly classification: Classification
  /** Absent if the model is not calibrated; confidence is then its raw softmax. */
  readonly calibration?: Calibration | undefined
  /** Of an ensemble with budgets: the calibration of each. */
  readonly budgets?: { readonly [Budget in BudgetName]?: Calibration | undefined } | undefined
}

const node = z.object({
  code: z.string(),
  parent: z.optional(z.string()),
  name: z.string(),
  english: z.optional(z.string()),
})
const calibration = z.object({
  temperature: z.number().check(z.positive()),
  on: z.string(),
  curve: curveSchema,
  guarantees: z.optional(guaranteesSchema),
})
const schema = z.object({
  format: z.literal('kic-model'),
  version: z.literal(1),
  classification: z.object({
    name: z.string(),
    levels: z.array(z.object({ name: z.string(), nodes: z.array(node) })),
  }),
  script: z.nullable(z.object({ name: z.string(), letters: z.optional(z.string()) })),
  letterless: z.optional(z.boolean()),
  calibration: z.optional(calibration),
  budgets: z.optional(z.object({ fast: z.optional(calibration), best: z.optional(calibration) })),
})

/**
 * Parses the content of a `kic.json`.
 *
 * @throws KicError `predictor/notes` with the wrong key
 */
export const parseNotes = (json: unknown): ModelNotes => {
  const parsed = schema.safeParse(json)
  if (!parsed.success) throw refused(wrongPart(parsed.error.issues, json))
  const { classification, script, letterless, calibration, budgets } = parsed.data
  if (script !== null && scriptPattern(script) === undefined) {
    throw refused(
      `script must be one of Unicode with letters of it, received ${JSON.stringify(script).slice(0, 100)}`,
    )
  }
  for (const one of [calibration, budgets?.fast, budgets?.best]) if (one !== undefined) checkCalibration(one)
  return {
    classification: classificationOf(classification),
    script: script ?? undefined,
    letterless,
    calibration,
    budgets,
  }
}

/** The content of a `kic.json`, ready for `JSON.stringify`. */
export const notesJson = ({
  classification,
  script,
  letterless,
  calibration,
  budgets,
}: ModelNotes): Readonly<Record<string, unknown>> => ({
  format: 'kic-model',
  version: 1,
  classification,
  script: script ?? null,
  letterless,
  calibration,
  budgets,
})

const classificationOf = (given: {
  readonly name: string
  readonly levels: readonly {
    readonly name: string
    readonly nodes: readonly {
      readonly code: string
      readonly name: string
      readonly parent?: string | undefined
      readonly english?: string | undefined
    }[]
  }[]
}): Classification =>
  createClassification(
    given.name,
    given.levels.map(({ name, nodes }) => ({
      name,
      nodes: nodes.map(({ code, name: label, parent, english }) => ({
        code,
        name: label,
        ...(parent === undefined ? {} : { parent }),
        ...(english === undefined ? {} : { english }),
      })),
    })),
  )

const checkCalibration = ({ curve, guarantees }: Calibration): void => {
  const fault = curveFault(curve)
  if (fault !== undefined) throw refused(`calibration.curve: ${fault}`)
  const other = guarantees === undefined ? undefined : guaranteesFault(guarantees)
  if (other !== undefined) throw refused(`calibration.guarantees.${other}`)
}

const refused = (what: string): KicError =>
  new KicError<PredictorErrorCode>(
    'predictor/notes',
    `loadPredictor: ${NOTES_FILE}: ${what}. Write it again with \`kic calibrate\`.`,
  )
