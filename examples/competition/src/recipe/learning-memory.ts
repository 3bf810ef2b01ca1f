import { formatBytes, KicError } from '@kic/core'
import type { Effort, Stage } from '@kic/stages'
import { type BatchPart, fittingMicroBatch } from '@kic/trainer'
import type { LearningMemory } from './workspace.ts'

/** The work of a stage that trains. */
export interface LearningEffort extends Effort {
  /** The kind of training; all of a kind take the same memory. */
  readonly learning: string
  readonly batchSize: number
  /** Bytes of a step, by its micro-batch; `undefined` if the encoder's sizes are not known yet. */
  readonly memory: () => Promise<((part: BatchPart) => number) | undefined>
}

const isLearning = (effort: Effort | undefined): effort is LearningEffort =>
  effort !== undefined && 'learning' in effort

/**
 * The memory of each kind of training, and the largest micro-batches that fit.
 *
 * @param stages all of a run
 * @param budget in bytes; default: no limit
 * @throws KicError `example/memory` for a stage of which not even one row fits
 */
export const learningMemory = async (
  stages: readonly Stage[],
  budget: number = Number.POSITIVE_INFINITY,
): Promise<ReadonlyMap<string, LearningMemory>> => {
  const found = new Map<string, LearningMemory>()
  const unknown = new Set<string>()
  for (const { name, effort } of stages) {
    if (!isLearning(effort) || found.has(effort.learning) || unknown.has(effort.learning)) continue
    const bytesOf = await effort.memory()
    if (bytesOf === undefined) {
      unknown.add(effort.learning)
      continue
    }
    const part = fittingMicroBatch(effort.batchSize, bytesOf, budget)
    if (part === undefined) {
      const least = bytesOf({ rows: 1, accumulation: effort.batchSize })
      throw new KicError(
        'example/memory',
        `runRecipe: --memory must hold one row of every stage, received ${formatBytes(budget)}, and ${name} takes ` +
          `${formatBytes(least)} for micro-batches of one row. Give more memory, or leave its members out with --only. ` +
          'kic train --lora trains a large encoder in less.',
      )
    }
    found.set(effort.learning, { part, bytes: bytesOf(part) })
  }
  return found
}
