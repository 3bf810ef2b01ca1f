import { loadPredictor } from '@kic/predictor/node'
import { softmax } from '@kic/scores'
import type { SoftTargets } from '@kic/trainer'

/** Texts that are answered at once. */
const BLOCK = 8192

/** A model's calibrated probabilities for texts; rows that it cannot use have none. */
export const teacherTargets = async (folder: string, texts: readonly string[]): Promise<SoftTargets> => {
  const predictor = await loadPredictor(folder)
  const { classes, calibration } = predictor.info
  const probabilities = new Float32Array(texts.length * classes.length)
  const rows = new Int32Array(texts.length).fill(-1)
  try {
    for (let start = 0; start < texts.length; start += BLOCK) {
      const { logits, usable } = await predictor.scores(texts.slice(start, start + BLOCK))
      for (const [i, isUsable] of usable.entries()) {
        if (!isUsable) continue
        const row = logits.subarray(i * classes.length, (i + 1) * classes.length)
        probabilities.set(
          softmax(row, { temperature: calibration?.temperature }),
          (start + i) * classes.length,
        )
        rows[start + i] = start + i
      }
      if ((start / BLOCK) % 20 === 0) console.log(`teacher: ${start} of ${texts.length} texts`)
    }
  } finally {
    await predictor.dispose()
  }
  return { probabilities, classes: classes.length, rows }
}
