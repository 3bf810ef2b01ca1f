import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isKicError } from '@kic/core'
import { codesOf, finestLevel, labelsOf } from '@kic/data'
import { writeSubmission } from '@kic/data/node'
import type { Task } from '../load-task.ts'

/** How a submission may be written, the competition's encoding first. */
const ENCODINGS = ['cp949', 'utf-8-bom'] as const

/**
 * Writes the submission with made-up codes and removes it again, so that rows which cannot be written are found before
 * hours of computing and not after.
 *
 * @returns the encoding that holds every row
 * @throws KicError as `writeSubmission`: `data/unsafe-id`, `data/unencodable`, `core/write-failed`
 */
export const checkSubmission = async (
  { hierarchy, submit }: Task,
  output: string,
): Promise<(typeof ENCODINGS)[number]> => {
  const finest = finestLevel(hierarchy)
  const labels = labelsOf(hierarchy, finest, codesOf(hierarchy, finest)[0] ?? '')
  const path = join(output, `.submission-${process.pid}.csv`)
  const write = (encoding: (typeof ENCODINGS)[number]) =>
    writeSubmission(
      path,
      submit,
      submit.map(() => labels),
      { hierarchy, encoding },
    )
  try {
    for (const encoding of ENCODINGS) {
      try {
        await write(encoding)
        return encoding
      } catch (error) {
        const last = encoding === ENCODINGS.at(-1)
        if (last || !(isKicError(error) && error.code === 'data/unencodable')) throw error
      }
    }
    throw new Error('there is no encoding to try')
  } finally {
    await rm(path, { force: true })
  }
}
