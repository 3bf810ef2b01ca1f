import { type ClassifierConfigInput, parseEncoderSizes } from '@kic/classifier'
import { shortTexts } from '../default-classification.ts'
import type { Io } from '../io.ts'
import { scriptOf } from './script-of.ts'
import { checkSizes, givenSizes, type TrainingOptions } from './training-options.ts'

/** Texts are short below this mean length, in characters. */
const SHORT = 60

type WithEncoder = Pick<ClassifierConfigInput, 'from' | 'encoder'>

/**
 * A config whose encoder from scratch reads what suits the texts: characters and n-grams if they are short and in the default
 * script, otherwise words. The choice is reported on standard error. A config that has an encoder stays as it is.
 *
 * @param caller the command, for errors
 * @throws KicError `cli/sizes`, `trainer/config`
 */
export const withReading = <C extends WithEncoder>(
  caller: string,
  config: C,
  rows: readonly { readonly text: string }[],
  options: TrainingOptions,
  io: Io,
): C => {
  if (config.from !== undefined || config.encoder !== undefined) return config
  const texts = rows.map(({ text }) => text)
  const length = texts.reduce((sum, text) => sum + [...text.normalize('NFC')].length, 0)
  const short = scriptOf(texts) !== undefined && length < SHORT * texts.length
  const reading = short ? 'characters' : 'words'
  checkSizes(caller, { ...options, reading })
  io.err(`reading: ${short ? `${reading} (${shortTexts})` : reading}\n`)
  return { ...config, encoder: parseEncoderSizes({ ...givenSizes(options), reading }) }
}
