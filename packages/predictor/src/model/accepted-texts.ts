import type { Script } from './script.ts'
import type { AcceptedTexts } from './text-kinds.ts'
import { checkText } from './usable-text.ts'

/** Texts that are looked at, spread over all. */
const SAMPLE = 10_000

/** A smaller share of the training texts is noise. */
const SMALLEST_SHARE = 0.01

/**
 * The texts that a model should take: those of the kinds that it was trained on. Kinds that fewer than one in a hundred
 * training texts have are refused.
 *
 * @param script of most training texts; kept unless other training texts are in another one
 */
export const acceptedTexts = (texts: readonly string[], script?: Script): AcceptedTexts => {
  const step = Math.max(1, Math.ceil(texts.length / SAMPLE))
  const sample = texts.filter((_, i) => i % step === 0)
  const reasons = sample.map((text) => checkText(text, { script }).reason)
  const has = (reason: (typeof reasons)[number]): boolean => {
    const found = reasons.filter((one) => one === reason).length
    return found > 0 && found >= SMALLEST_SHARE * sample.length
  }
  return {
    script: has('other-language') ? undefined : script,
    ...(has('no-letters') && { letterless: true }),
  }
}
