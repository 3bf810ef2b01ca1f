import type { Script } from '@kic/predictor'
import { defaultScript } from '../default-classification.ts'

/** Texts that are looked at. */
const SAMPLE = 10_000

/** The script that most texts have, if it is the default one; `undefined` where a model must take any. */
export const scriptOf = (texts: readonly string[]): Script | undefined => {
  const letter = new RegExp(`[${defaultScript.letters}]`, 'u')
  const sample = texts.slice(0, SAMPLE)
  // Letters count as composed, in whatever form texts are written.
  const written = sample.filter((text) => letter.test(text.normalize('NFC'))).length
  return 2 * written > sample.length ? defaultScript : undefined
}
