import type { Script } from '@kic/predictor'

/** Texts that are looked at. */
const SAMPLE = 10_000

/** The writing that most texts have; `undefined` where a model must take any, as of texts that are not Korean. */
export const scriptOf = (texts: readonly string[]): Script | undefined => {
  const sample = texts.slice(0, SAMPLE)
  const korean = sample.filter((text) => /[가-힣\u1100-\u11ff]/.test(text)).length
  return 2 * korean > sample.length ? 'Hangul' : undefined
}
