import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isKicError } from '@kic/core'
import { loadSafetensors, saveSafetensors } from '@kic/safetensors/node'
import { classifierError } from '../classifier-error.ts'
import type { Task } from '../rows/split-task.ts'
import type { ProgressOutput } from '../train/progress-output.ts'
import type { Teacher } from './with-teacher.ts'

/** A teacher's probabilities for the training texts. */
export interface TeacherAnswers {
  /** Codes of the columns. */
  readonly classes: readonly string[]
  /** [M, C], one row per distinct text; zeros for texts that the teacher cannot use. */
  readonly probabilities: Float32Array
  /** The row of each text that the teacher can use. */
  readonly rows: ReadonlyMap<string, number>
}

export interface TeacherAnswersOptions {
  /** Stores answers here, for this teacher and these texts alone. Default: nothing is stored. */
  readonly folder: string | undefined
  readonly output: ProgressOutput
  readonly signal?: AbortSignal | undefined
}

/** Texts that are answered and stored at once. */
const BLOCK = 4096
const TENSOR = 'probabilities'

/**
 * The teacher's answers to the training texts of a task, each computed once. Stored ones are read.
 *
 * @throws KicError `classifier/teacher` if it can use none of them
 */
export const teacherAnswers = async (
  teacher: Teacher,
  { train, taught }: Pick<Task, 'train' | 'taught'>,
  { folder, output, signal }: TeacherAnswersOptions,
): Promise<TeacherAnswers> => {
  const texts = [...new Set([...train, ...(taught?.unlabelled ?? [])].map(({ text }) => text))]
  const { classes } = teacher
  const probabilities = new Float32Array(texts.length * classes.length)
  if (folder !== undefined) await mkdir(join(folder, 'teacher'), { recursive: true })
  const progress = output.counting('teacher', 'texts')
  try {
    for (let start = 0; start < texts.length; start += BLOCK) {
      const block = texts.slice(start, start + BLOCK)
      const path = folder && join(folder, 'teacher', `${start}.safetensors`)
      const stored = path === undefined ? undefined : await storedBlock(path, block.length * classes.length)
      const answers = stored ?? (await teacher.answer(block, signal))
      probabilities.set(answers, start * classes.length)
      if (path !== undefined && stored === undefined) {
        const tensor = { dtype: 'float32', shape: [block.length, classes.length], data: answers } as const
        await saveSafetensors(path, { [TENSOR]: tensor })
      }
      progress.update(start + block.length)
      signal?.throwIfAborted()
    }
  } finally {
    progress.end()
  }
  const isUsable = (row: number): boolean =>
    probabilities.subarray(row * classes.length, (row + 1) * classes.length).some((p) => p > 0)
  const rows = new Map(texts.flatMap((text, row) => (isUsable(row) ? [[text, row] as const] : [])))
  const { length } = texts
  if (rows.size === 0) {
    throw classifierError(
      'classifier/teacher',
      `trainClassifier: the teacher must be able to use some texts, received ${teacher.folder} and ${length} texts that it cannot ` +
        'use. Choose a teacher of the same language.',
    )
  }
  if (rows.size < length)
    output.say(`the teacher cannot use ${length - rows.size} of ${length} texts; their labels alone count`)
  return { classes, probabilities, rows }
}

/** Blocks are written all or nothing. */
const storedBlock = async (path: string, size: number): Promise<Float32Array | undefined> => {
  try {
    const { tensors } = await loadSafetensors(path)
    const data = tensors[TENSOR]?.data
    return data instanceof Float32Array && data.length === size ? data : undefined
  } catch (error) {
    if (isKicError(error)) return undefined
    throw error
  }
}
