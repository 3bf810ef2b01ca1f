import { defined } from '@kic/core'
import { loadPredictor } from '@kic/predictor/node'
import { softmax } from '@kic/scores'

/** A model or an ensemble that a student learns from. */
export interface Teacher {
  readonly folder: string
  /** Identifies it by the content of its files. */
  readonly id: string | undefined
  /** The level of its answers. */
  readonly level: string
  /** Codes of its classes, in the order of its columns. */
  readonly classes: readonly string[]
  /** Its calibrated probabilities, [N, C]; zeros for texts that it cannot use. */
  answer(texts: readonly string[], signal: AbortSignal | undefined): Promise<Float32Array>
}

/**
 * Runs work with the teacher in a folder, which is loaded and freed afterwards; without a folder, with none.
 *
 * @throws KicError as `loadPredictor`
 */
export const withTeacher = async <T>(
  folder: string | undefined,
  work: (teacher: Teacher | undefined) => Promise<T>,
): Promise<T> => {
  if (folder === undefined) return work(undefined)
  const { info, scores, dispose } = await loadPredictor(folder)
  const { id, classes, levels, calibration } = info
  const answer: Teacher['answer'] = async (texts, signal) => {
    const { logits, usable } = await scores(texts, signal)
    const row = new Float64Array(classes.length)
    const probabilities = new Float32Array(logits.length)
    for (const [i, isUsable] of usable.entries()) {
      if (!isUsable) continue
      const at = i * classes.length
      const options = { temperature: calibration?.temperature, into: row }
      probabilities.set(softmax(logits.subarray(at, at + classes.length), options), at)
    }
    return probabilities
  }
  try {
    return await work({ folder, id, level: defined(levels.at(-1)), classes, answer })
  } finally {
    await dispose()
  }
}
