import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { progressOutput } from '../train/progress-output.ts'
import { softTargets } from './soft-targets.ts'
import { teacherAnswers } from './teacher-answers.ts'
import type { Teacher } from './with-teacher.ts'

/** Answers with the share of its letters that are a, and cannot use texts that begin with '?'. */
const teacherOf = (asked: string[][]): Teacher => ({
  folder: 'fake',
  id: 'sha256:0',
  level: 'label',
  classes: ['other', 'a'],
  answer: async (texts) => {
    asked.push([...texts])
    return Float32Array.from(
      texts.flatMap((text) => {
        const share = text.split('a').length - 1
        return text.startsWith('?') ? [0, 0] : [1 - share / text.length, share / text.length]
      }),
    )
  },
})
const row = (text: string) => ({ text, labels: {}, id: text })
const task = {
  train: [row('aabb'), row('b'), row('aabb')],
  taught: { classes: ['a', 'other'], unlabelled: [row('?a'), row('b'), row('aaab')] },
}
const said: string[] = []
const output = progressOutput({ write: (line) => said.push(line) })

it('asks for each text once, and orders classes as the student', async () => {
  const asked: string[][] = []
  const answers = await teacherAnswers(teacherOf(asked), task, { folder: undefined, output })
  expect(asked).toEqual([['aabb', 'b', '?a', 'aaab']])
  expect(said).toEqual(['the teacher cannot use 1 of 4 texts; their labels alone count\n'])
  const { probabilities, classes, rows } = softTargets(
    answers,
    ['aaab', 'aabb', '?a', 'unknown'],
    ['a', 'new', 'other'],
  )
  expect([...rows]).toEqual([3, 0, -1, -1])
  expect([...probabilities.subarray(3 * classes, 4 * classes)]).toEqual([0.75, 0, 0.25])
})

it('reads stored answers, and asks again for those that are damaged', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-teacher-'))
  const [asked, again, damaged]: string[][][] = [[], [], []]
  const first = await teacherAnswers(teacherOf(asked ?? []), task, { folder, output })
  expect(await teacherAnswers(teacherOf(again ?? []), task, { folder, output })).toEqual(first)
  expect([asked?.length, again?.length]).toEqual([1, 0])
  const [file = ''] = await readdir(join(folder, 'teacher'))
  await truncate(join(folder, 'teacher', file), 40)
  expect(await teacherAnswers(teacherOf(damaged ?? []), task, { folder, output })).toEqual(first)
  expect(damaged).toHaveLength(1)
  await rm(folder, { recursive: true })
})

it('stores blocks, so that an interrupted teacher resumes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-teacher-'))
  const many = { train: Array.from({ length: 9000 }, (_, i) => row(`a${i}`)), taught: undefined }
  const asked: string[][] = []
  const controller = new AbortController()
  const stopping: Teacher = {
    ...teacherOf(asked),
    answer: (texts) => {
      if (asked.length === 1) controller.abort(new Error('enough'))
      return teacherOf(asked).answer(texts, undefined)
    },
  }
  const options = { folder, output, signal: controller.signal }
  await expect(teacherAnswers(stopping, many, options)).rejects.toThrow('enough')
  const { rows } = await teacherAnswers(teacherOf(asked), many, { folder, output })
  expect(asked.map(({ length }) => length)).toEqual([4096, 4096, 808])
  expect(rows.size).toBe(9000)
  await rm(folder, { recursive: true })
})

it('refuses texts of which the teacher can use none', async () => {
  const useless = { train: [row('?')], taught: undefined }
  await expect(teacherAnswers(teacherOf([]), useless, { folder: undefined, output })).rejects.toMatchObject({
    code: 'classifier/teacher',
  })
})
