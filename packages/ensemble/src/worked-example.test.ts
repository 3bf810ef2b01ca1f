import { readFileSync } from 'node:fs'
import { defined } from '@kic/core'
import type { Probabilities } from '@kic/scores'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseEnsemble } from './ensemble.ts'
import { hardVote } from './hard-vote.ts'
import { mostProbable } from './most-probable.ts'
import { softVote } from './soft-vote.ts'
import { vote } from './vote.ts'

const page = readFileSync(new URL('../../../docs/ensemble.md', import.meta.url), 'utf8')
const voters = z.array(z.object({ members: z.int(), probabilities: z.array(z.number()) }))
const answer = z.object({ section: z.string(), division: z.string(), group: z.string() })
const example = z
  .object({
    groupMembers: voters,
    divisionMembers: voters,
    softVote: z.array(z.number()),
    divisionVotes: z.array(z.int()),
    published: answer,
    divisionOpinion: z.array(z.number()),
    path: answer,
  })
  .parse(JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? ''))

const probabilities = (listed: z.infer<typeof voters>): Probabilities[] =>
  listed.flatMap(({ members, probabilities: p }) =>
    Array.from({ length: members }, () => ({ rows: 1, classes: p.length, data: Float32Array.from(p) })),
  )
const groups = probabilities(example.groupMembers)
const divisions = probabilities(example.divisionMembers)

const levels = [
  { name: 'section', labels: ['A', 'B'] },
  { name: 'division', labels: ['01', '02', '05'], parents: [0, 0, 1] },
  { name: 'group', labels: ['011', '012', '021', '051'], parents: [0, 0, 1, 2] },
]
const voted = (scheme: 'published' | 'path', divisionMembers = divisions) => {
  const members = [
    ...groups.map((_, i) => ({ name: `group-${i}`, level: 'group' })),
    ...divisionMembers.map((_, i) => ({ name: `division-${i}`, level: 'division' })),
  ]
  const ensemble = parseEnsemble({ format: 'kic-ensemble', version: 1, scheme, levels, members })
  const result = vote(ensemble, [...groups, ...divisionMembers])
  return {
    ...result,
    codes: Object.fromEntries(
      levels.map(({ name, labels }) => [name, labels[result.levels[name]?.classes[0] ?? -1]]),
    ),
  }
}

describe('the worked example of docs/ensemble.md', () => {
  it('has twelve group members and three division members', () => {
    expect([groups.length, divisions.length]).toEqual([12, 3])
  })

  it('has the soft vote and the division votes of the page', () => {
    const soft = softVote(groups).data
    example.softVote.forEach((p, c) => {
      expect(soft[c]).toBeCloseTo(p, 4)
    })
    const votes = [...groups.map((member) => defined([0, 0, 1, 2][defined(mostProbable(member)[0])]))]
    votes.push(...divisions.map((member) => defined(mostProbable(member)[0])))
    expect([0, 1, 2].map((division) => votes.filter((v) => v === division).length)).toEqual(
      example.divisionVotes,
    )
    expect(hardVote(votes.map((v) => Int32Array.of(v)))).toEqual(Int32Array.of(0))
  })

  it('votes as published, with levels that contradict each other', () => {
    expect(voted('published').codes).toEqual(example.published)
  })

  it('gives a tie to the division of the soft-voted group', () => {
    const [, second, third] = divisions
    if (!second || !third) throw new Error('three division members')
    expect(voted('published', [second, second, third]).codes).toEqual({
      ...example.published,
      division: '05',
    })
  })

  it('has the path of the page', () => {
    const { codes, levels: opinions } = voted('path')
    expect(codes).toEqual(example.path)
    expect(opinions.division?.confidence[0]).toBeCloseTo(defined(example.divisionOpinion[2]), 4)
    expect(opinions.section?.confidence[0]).toBeCloseTo(defined(example.divisionOpinion[2]), 4)
    for (const number of ['−2.48', '−3.09', '0.5627']) expect(page).toContain(number)
    const sum = (...p: number[]): number => p.reduce((total, x) => total + Math.log(x), 0)
    expect(sum(0.4383, 0.4373, 0.4373)).toBeCloseTo(-2.48, 2)
    expect(sum(0.215, 0.3773, 0.5627)).toBeCloseTo(-3.09, 2)
  })
})
