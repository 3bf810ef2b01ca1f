import {
  type ClassifierConfig,
  type ClassifierConfigInput,
  classifierConfig,
  encoderSizes,
  parseEncoderSizes,
} from '@kic/classifier'
import { loadRun, type RunRecord } from '@kic/trainer/node'
import { type Command, InvalidArgumentError } from 'commander'
import { z } from 'zod'
import type { TaskOptions } from './train-options.ts'
import { type TrainSource, trainSource } from './train-source.ts'
import { givenSizes } from './training-options.ts'

/** Rows and config of a training, from a config file and command-line options. */
export interface TrainSettings {
  readonly source: TrainSource
  readonly config: ClassifierConfigInput
  /** The run to repeat, if the config file is a `run.json`. */
  readonly repeats: RunRecord | undefined
}

/** A config file: keys of the classifier's config, and the source of the rows. */
export const trainFile = z.strictObject({
  ...classifierConfig.shape,
  /** Default: `withReading`. */
  encoder: encoderSizes.optional(),
  source: trainSource.prefault({}),
})

/**
 * Reads the config file, if there is one. Command-line options replace its values.
 *
 * @throws KicError `trainer/run-file`, `trainer/config`; InvalidArgumentError for options that exclude each other
 */
export const trainSettings = async (
  files: readonly string[],
  options: TaskOptions,
  command: Command,
): Promise<TrainSettings> => {
  const loaded = options.config === undefined ? undefined : await loadRun(options.config, trainFile)
  const { source: from, ...config } = loaded?.config ?? trainFile.parse({})
  /** The value of an option, if it is on the command line. */
  const given = <K extends keyof TaskOptions & string>(key: K): TaskOptions[K] | undefined =>
    command.getOptionValueSource(key) === 'cli' ? options[key] : undefined
  const source = merged<TrainSource>(from, {
    files: files.length > 0 ? [...files] : undefined,
    validation: given('validation'),
    unlabelled: given('unlabelled'),
    columns: given('columns'),
    encoding: given('encoding'),
    skipBadRows: given('skipBadRows'),
    cutCodes: given('cutCodes'),
    labels: given('labels'),
    generated: given('generated'),
    maxRows: given('maxRows'),
  })
  if (source.files.length === 0 && source.labels === 'own')
    throw new InvalidArgumentError('--labels own needs a file: generated rows are labelled with codes.')
  if (source.unlabelled.length > 0 && given('generated') !== undefined)
    throw new InvalidArgumentError(
      '--generated is for training without files, received it with --unlabelled.',
    )
  const patience = given('earlyStopping')
  return {
    source,
    repeats: loaded?.record,
    config: merged<ClassifierConfigInput>(config, {
      level: given('level'),
      from: given('from'),
      head: given('head'),
      freshHead: given('freshHead'),
      lora: loraOf(config.lora, given('lora')),
      epochs: given('epochs'),
      batchSize: given('batchSize'),
      learningRate: given('learningRate'),
      seed: given('seed'),
      loss: given('loss'),
      teacher: given('teacher'),
      teacherWeight: given('teacherWeight'),
      temperature: given('temperature'),
      keepExamples: given('keepExamples'),
      textHashes: given('textHashes'),
      classWeights: given('classWeights'),
      encoder: encoderOf(config.encoder, options),
      evaluate: patience === undefined ? undefined : { ...config.evaluate, earlyStopping: { patience } },
    }),
  }
}

/** The config's adapters with the rank on the command line. */
const loraOf = (
  config: ClassifierConfigInput['lora'],
  rank: number | undefined,
): ClassifierConfigInput['lora'] => (rank === undefined ? undefined : { ...config, rank })

/** The encoder's sizes with those on the command line, if its reading is given. Another reading has its own defaults. */
const encoderOf = (
  sizes: ClassifierConfig['encoder'] | undefined,
  options: TaskOptions,
): ClassifierConfigInput['encoder'] => {
  const reading = options.reading ?? sizes?.reading
  if (reading === undefined) return undefined
  const kept = reading === sizes?.reading ? sizes : {}
  return parseEncoderSizes({ ...kept, ...givenSizes(options), reading })
}

/** Values with some of them replaced. */
const merged = <T extends object>(values: T, others: { readonly [K in keyof T]?: T[K] | undefined }): T => ({
  ...values,
  ...Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined)),
})
