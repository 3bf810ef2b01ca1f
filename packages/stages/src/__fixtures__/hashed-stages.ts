import { createHash } from 'node:crypto'
import { open, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { writeFileAtomic } from '@kic/core/node'
import type { Stage } from '../stage.ts'

const STEPS = 8

/**
 * Stages that compute chains of hashes in steps, and resume at the last one. They write in the two ways that betray a
 * process which goes on in a folder that it has lost: atomically, which creates missing folders, and by appending to an
 * open file.
 */
export const hashedStages = (milliseconds: number): readonly Stage[] => {
  const stage = (name: string, ...needs: readonly Stage[]): Stage => ({
    name,
    version: 1,
    config: {},
    needs: Object.fromEntries(needs.map((need) => [need.name, need])),
    memory: 1,
    run: async ({ folder, inputs }) => {
      const read = await Promise.all(Object.values(inputs).map((input) => readFile(join(input, 'hash'), 'utf8')))
      const [hashFile, log] = [join(folder, 'hash'), join(folder, 'log')]
      const stored = await readFile(hashFile, 'utf8').catch(() => '')
      const [done = '0', hash = hashed(name, ...read)] = stored === '' ? [] : stored.split(' ')
      let now = hash
      await writeFile(log, '', { flag: 'a' })
      await truncate(log, Number(done) * 65)
      const file = await open(log, 'a')
      try {
        for (let step = Number(done) + 1; step <= STEPS; step++) {
          now = hashed(now)
          await file.write(`${now}\n`)
          await writeFileAtomic(hashFile, `${step} ${now}`)
          await pause(milliseconds)
        }
      } finally {
        await file.close()
      }
    },
  })
  const a = stage('a')
  const b = stage('b')
  const c = stage('member/c', a)
  const d = stage('member/d', a, b)
  const e = stage('member/e', b)
  return [stage('vote', c, d, e)]
}

const hashed = (...texts: readonly string[]): string =>
  createHash('sha256').update(texts.join()).digest('hex')
